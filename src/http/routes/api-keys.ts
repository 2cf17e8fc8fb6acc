import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { fromWireId, toWireId } from '../../ids.ts';
import { nameSchema } from '../../manage/webhook-input.ts';
import type { ApiKeyRow } from '../../store/api-keys.ts';
import { endpoint } from '../endpoint.ts';

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('The last four characters.'),
    createdAt: z.iso.datetime(),
  })
  .describe('A key that sees one account alone.');

const view = (row: ApiKeyRow) => ({
  id: toWireId('key', row.id),
  name: row.name,
  hint: row.hint,
  createdAt: row.createdAt.toISOString(),
});

export const apiKeyEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/keys',
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: "Make a key of the account's own",
    description: 'It sees this account and nothing else. The key is in this answer and never again.',
    access: 'platform',
    makesAccount: true,
    body: { schema: z.strictObject({ name: nameSchema.optional() }), optional: true },
    responses: {
      201: { description: 'The key.', schema: z.object({ id: z.string(), key: z.string() }) },
    },
    handle: async ({ waybill, params, body }) => {
      const { id, key } = await waybill.apiKeys.create(params.account as string, body.name ?? 'account key');
      return { status: 201, body: { id: toWireId('key', id), key } };
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
      const rows = await waybill.apiKeys.list(params.account as string);
      return { status: 200, body: { data: rows.map(view), nextCursor: null } };
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
      const id = fromWireId('key', params.key as string);
      if (id === undefined) throw notFound('API key');
      await waybill.apiKeys.revoke(params.account as string, id);
      return { status: 204 };
    },
  }),
];
