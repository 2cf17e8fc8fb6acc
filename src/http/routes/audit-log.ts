import { z } from 'zod';
import { timeSchema } from '../../input.ts';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { accountId, anyJson, wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const entrySchema = z
  .object({
    id: wireId('aud'),
    at: z.iso.datetime(),
    account: accountId.nullable().describe("null: a change of the platform's own."),
    actor: z.object({
      kind: z.enum(['key', 'user', 'portal', 'link']),
      id: z.string(),
      name: z.string().describe('The e-mail of a user, the name of a key, whom a portal link is for.'),
    }),
    action: z.string().describe('Such as `webhook.updated`.'),
    target: z.object({ kind: z.string(), id: z.string() }),
    before: anyJson.describe('What it was, without secrets; null: it was not there, or tells nothing.'),
    after: anyJson.describe('What it has become.'),
  })
  .describe('A change somebody has made. It never changes.');

const filters = {
  actor: filterText(300)
    .optional()
    .describe('An id, or a part of a name, in whatever case: of a user that is the e-mail.'),
  action: filterText(100).optional().describe('`webhook.updated`, or `webhook` for all of that kind.'),
  target: filterText(300).optional().describe('The id of what was changed.'),
  from: timeSchema.optional().describe('At this time or later.'),
  to: timeSchema.optional().describe('Before this time.'),
};

const listed = { 200: { description: 'A page of changes.', schema: pageSchema(entrySchema) } };

export const auditLogEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/audit-log',
    operationId: 'listAuditLog',
    tag: 'Audit log',
    summary: 'Who has changed what in the account, newest first',
    access: 'account',
    closedToGuests: true,
    query: z.strictObject({ ...pageQuery, ...filters }),
    responses: listed,
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const wanted = { ...filter, accountId: params.account as string };
      return { status: 200, body: pageBody(await waybill.auditLog.list(wanted, pageRequest(query))) };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/audit-log',
    operationId: 'listPlatformAuditLog',
    tag: 'Audit log',
    summary: 'Who has changed what, of the platform and in all accounts, newest first',
    access: 'platform',
    query: z.strictObject({
      ...pageQuery,
      ...filters,
      account: filterText(64).optional().describe('In this account alone.'),
    }),
    responses: listed,
    handle: async ({ waybill, query }) => {
      const { limit: _limit, cursor: _cursor, account, ...filter } = query;
      const page = await waybill.auditLog.list({ ...filter, accountId: account }, pageRequest(query));
      return { status: 200, body: pageBody(page) };
    },
  }),
];
