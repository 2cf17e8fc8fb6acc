import { z } from 'zod';
import { invalid } from '../../errors.ts';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { presetName, wireId } from '../formats.ts';

const query = z.strictObject({
  preset: presetName.optional().describe('Default: that of the instance, else all event types in use.'),
  version: filterText(64).optional().describe('Of payloads. Default: the usual one of each event type.'),
});
const document = z.looseObject({});
const ofAccount = z.strictObject({
  webhook: wireId('wh')
    .optional()
    .describe('What this one is sent: the types it wants, in the version it gets.'),
  profile: presetName
    .optional()
    .describe('What webhooks with this profile are sent, in every version. Default: that of the account.'),
});

const WEBHOOK_AND_PROFILE = {
  path: 'profile',
  code: 'not_allowed',
  message: 'must be absent beside a webhook, which has one',
};

export const descriptionEndpoints = [
  endpoint({
    method: 'get',
    path: '/openapi/webhooks.json',
    operationId: 'describeWebhooks',
    tag: 'Descriptions',
    summary: 'What webhooks send, as OpenAPI',
    description:
      'For receivers: each event with its headers, body, an example, and what comes of each answer.',
    access: 'open',
    query,
    responses: { 200: { description: 'OpenAPI 3.1, with a `webhooks` section.', schema: document } },
    problems: { 404: '`not_found`: there is no such preset.' },
    handle: async ({ waybill, query }) => ({ status: 200, text: await waybill.descriptions.openApi(query) }),
  }),
  endpoint({
    method: 'get',
    path: '/asyncapi/webhooks.json',
    operationId: 'describeWebhooksAsync',
    tag: 'Descriptions',
    summary: 'What webhooks send, as AsyncAPI',
    access: 'open',
    query,
    responses: { 200: { description: 'AsyncAPI 3.0.', schema: document } },
    problems: { 404: '`not_found`: there is no such preset.' },
    handle: async ({ waybill, query }) => ({ status: 200, text: await waybill.descriptions.asyncApi(query) }),
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/openapi.json',
    operationId: 'describeAccountWebhooks',
    tag: 'Descriptions',
    summary: 'What webhooks of this account send, as OpenAPI',
    description:
      'For its receivers: all event types the account sees, each version as an entry of its own, as a profile sends them; ' +
      'or what one of its webhooks gets.',
    access: 'account',
    query: ofAccount,
    responses: { 200: { description: 'OpenAPI 3.1, with a `webhooks` section.', schema: document } },
    handle: async ({ waybill, params, query }) => {
      const { webhook: id, profile } = query;
      const account = params.account as string;
      if (id !== undefined && profile !== undefined) throw invalid([WEBHOOK_AND_PROFILE]);
      const request = id === undefined ? { profile } : { webhook: await waybill.webhooks.get(account, id) };
      return { status: 200, text: await waybill.descriptions.openApiFor(account, request) };
    },
  }),
];
