import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { presetName } from '../formats.ts';

const query = z.strictObject({
  preset: presetName.optional().describe('Default: that of the instance, else all event types in use.'),
  version: filterText(64).optional().describe('Of payloads. Default: the usual one of each event type.'),
});
const document = z.looseObject({});

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
];
