import { z } from 'zod';
import { POLICIES } from '../../catalog/preset-file.ts';
import { accountSchema as accountInput } from '../../manage/accounts.ts';
import { endpoint } from '../endpoint.ts';
import { accountId, presetName } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const policy = z.enum(POLICIES);
const accountSchema = z
  .object({
    id: accountId,
    name: z.string().nullable(),
    preset: presetName.nullable().describe('The system it is served as; null: that of the instance.'),
    validation: policy
      .nullable()
      .describe(
        'What becomes of events whose data breaks the schema of their type; null: as the preset says.',
      ),
    unknownTypes: policy
      .nullable()
      .describe("What becomes of events whose type isn't in the catalog; null: as the preset says."),
    limits: z.object({
      eventsPerDay: z
        .int()
        .nullable()
        .describe('How many events may be published a day, by days of UTC; null: any number.'),
    }),
    usage: z.object({
      eventsToday: z
        .int()
        .nullable()
        .describe('How many have been published today; null: without a limit they are not counted.'),
    }),
    effective: z
      .object({ preset: presetName.nullable(), validation: policy, unknownTypes: policy })
      .describe('What holds, whoever says so.'),
    createdAt: z.iso.datetime(),
  })
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
    summary: 'Make an account, or set all of it',
    description: 'What is left out is unset.',
    access: 'platform',
    body: { schema: accountInput, optional: true },
    responses: { 200: { description: 'The account.', schema: accountSchema } },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.accounts.put(params.account as string, body),
    }),
  }),
  endpoint({
    method: 'patch',
    path: '/v1/accounts/{account}',
    operationId: 'updateAccount',
    tag: 'Accounts',
    summary: 'Change an account',
    description: 'Fields that are left out stay.',
    access: 'platform',
    body: { schema: accountInput },
    responses: { 200: { description: 'The account.', schema: accountSchema } },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.accounts.update(params.account as string, body),
    }),
  }),
];
