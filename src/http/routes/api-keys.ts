import { z } from 'zod';
import { nameSchema } from '../../manage/webhook-input.ts';
import { endpoint } from '../endpoint.ts';

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('The last four characters.'),
    createdAt: z.iso.datetime(),
  })
  .describe('A key that sees one account alone.');

export const apiKeyEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/keys',
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: "Make a key of the account's own",
    description: 'It sees this account and nothing else. The key is in this answer and never again.',
    access: 'platform',
    body: { schema: z.strictObject({ name: nameSchema.optional() }), optional: true },
    responses: {
      201: { description: 'The key.', schema: z.object({ id: z.string(), key: z.string() }) },
    },
    handle: async ({ waybill, params, body }) => {
      await waybill.accounts.ensure(params.account as string);
      const created = await waybill.apiKeys.create(params.account as string, body.name ?? 'account key');
      return { status: 201, body: created };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/keys',
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: "List the account's keys",
    access: 'platform',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.object({ data: z.array(keySchema), nextCursor: z.null() }),
      },
    },
    handle: async ({ waybill, params }) => {
      const data = await waybill.apiKeys.list(params.account as string);
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
  endpoint({
    method: 'delete',
    path: '/v1/accounts/{account}/keys/{key}',
    operationId: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke a key',
    access: 'platform',
    responses: { 204: { description: 'It no longer works.' } },
    handle: async ({ waybill, params }) => {
      await waybill.apiKeys.revoke(params.account as string, params.key as string);
      return { status: 204 };
    },
  }),
];
