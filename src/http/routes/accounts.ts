import { z } from 'zod';
import { nameSchema } from '../../manage/webhook-input.ts';
import { endpoint } from '../endpoint.ts';
import { accountId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const accountSchema = z
  .object({ id: accountId, name: z.string().nullable(), createdAt: z.iso.datetime() })
  .describe('A customer of the platform. It comes into being when the platform first names it.');

export const accountEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/accounts',
    operationId: 'listAccounts',
    tag: 'Accounts',
    summary: 'List accounts, by id',
    access: 'platform',
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page of accounts.', schema: pageSchema(accountSchema) } },
    handle: async ({ waybill, query }) => {
      const page = await waybill.accounts.list(pageRequest(query, 'account'));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}',
    operationId: 'getAccount',
    tag: 'Accounts',
    summary: 'Read an account',
    access: 'account',
    responses: { 200: { description: 'The account.', schema: accountSchema } },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.accounts.get(params.account as string),
    }),
  }),
  endpoint({
    method: 'put',
    path: '/v1/accounts/{account}',
    operationId: 'putAccount',
    tag: 'Accounts',
    summary: 'Make an account, or change its name',
    access: 'platform',
    body: { schema: z.strictObject({ name: nameSchema.nullable().optional() }), optional: true },
    responses: { 200: { description: 'The account.', schema: accountSchema } },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.accounts.put(params.account as string, body.name ?? null),
    }),
  }),
];
