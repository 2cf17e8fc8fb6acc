import { z } from 'zod';
import { nameSchema } from '../../manage/webhook-input.ts';
import { endpoint } from '../endpoint.ts';
import { wireId } from '../formats.ts';

const PLATFORM = '/v1/keys';
const OF_ACCOUNT = '/v1/accounts/{account}/keys';

const keySchema = z
  .object({
    id: wireId('key'),
    name: z.string(),
    hint: z.string().describe('The last four characters.'),
    createdAt: z.iso.datetime(),
  })
  .describe('A key, without the key itself.');

const newKey = { schema: z.strictObject({ name: nameSchema.optional() }), optional: true };
const created = {
  201: {
    description: 'The key.',
    schema: z.object({ id: wireId('key'), key: z.string().meta({ pattern: '^wbk_[A-Za-z0-9_-]{43}$' }) }),
  },
};
const listed = {
  200: {
    description: 'All of them.',
    schema: z.object({ data: z.array(keySchema), nextCursor: z.null() }),
  },
};
const revoked = { 204: { description: 'It no longer works.' } };

export const apiKeyEndpoints = [
  endpoint({
    method: 'post',
    path: OF_ACCOUNT,
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: "Make a key of the account's own",
    description: 'It sees this account and nothing else. The key is in this answer and never again.',
    access: 'platform',
    body: newKey,
    responses: created,
    handle: async ({ waybill, params, body }) => {
      await waybill.accounts.ensure(params.account as string);
      const key = await waybill.apiKeys.create(params.account as string, body.name ?? 'account key');
      return { status: 201, body: key };
    },
  }),
  endpoint({
    method: 'get',
    path: OF_ACCOUNT,
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: "List the account's keys",
    access: 'platform',
    responses: listed,
    handle: async ({ waybill, params }) => {
      const data = await waybill.apiKeys.list(params.account as string);
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
  endpoint({
    method: 'delete',
    path: `${OF_ACCOUNT}/{key}`,
    operationId: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke a key of the account',
    access: 'platform',
    responses: revoked,
    handle: async ({ waybill, params }) => {
      await waybill.apiKeys.revoke(params.account as string, params.key as string);
      return { status: 204 };
    },
  }),
  endpoint({
    method: 'post',
    path: PLATFORM,
    operationId: 'createPlatformKey',
    tag: 'API keys',
    summary: 'Make a key of the platform',
    description: 'It sees every account. The key is in this answer and never again.',
    access: 'platform',
    body: newKey,
    responses: created,
    handle: async ({ waybill, body }) => ({
      status: 201,
      body: await waybill.apiKeys.create(null, body.name ?? 'platform key'),
    }),
  }),
  endpoint({
    method: 'get',
    path: PLATFORM,
    operationId: 'listPlatformKeys',
    tag: 'API keys',
    summary: "List the platform's keys",
    access: 'platform',
    responses: listed,
    handle: async ({ waybill }) => ({
      status: 200,
      body: { data: await waybill.apiKeys.list(null), nextCursor: null },
    }),
  }),
  endpoint({
    method: 'delete',
    path: `${PLATFORM}/{key}`,
    operationId: 'revokePlatformKey',
    tag: 'API keys',
    summary: 'Revoke a key of the platform',
    access: 'platform',
    responses: revoked,
    problems: { 409: '`last_platform_key`: make another one first.' },
    handle: async ({ waybill, params }) => {
      await waybill.apiKeys.revoke(null, params.key as string);
      return { status: 204 };
    },
  }),
];
