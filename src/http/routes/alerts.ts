import { z } from 'zod';
import { alertKindSchema } from '../../manage/alerts.ts';
import { endpoint } from '../endpoint.ts';
import { wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';
import { paramsSchema } from '../problem.ts';

const PATH = '/v1/accounts/{account}/alerts';
const ONE = `${PATH}/{alert}`;

const status = z.enum(['open', 'acknowledged', 'resolved']);
const alertSchema = z
  .object({
    id: wireId('alr'),
    webhookId: wireId('wh').nullable().describe('null: it is about the account.'),
    kind: alertKindSchema.describe(
      '`deliveries_failing`: a delivery used up its retries; `webhook_disabled`: nothing is sent to it any more, ' +
        'after a 410 or by the rule of its profile; `webhook_will_be_disabled`: nothing has arrived for half of ' +
        'the time after which it is disabled; `webhook_disabled_by_failures`: for all of it; ' +
        '`certificate_expires`: its client certificate expires within 30 days, or has expired; ' +
        '`daily_limit_reached`: the account has published as many events as it may that day.',
    ),
    status,
    message: z.string(),
    params: paramsSchema
      .nullable()
      .describe('The values in the message, by name; null: it was raised before they were kept.'),
    deliveryId: wireId('dlv').nullable().describe('The delivery that raised it last; null: none did.'),
    occurrences: z.int().describe('How often it was raised since it was opened.'),
    createdAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    acknowledgedAt: z.iso.datetime().nullable(),
    resolvedAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'When a delivery arrived again, the certificate was replaced, the day ended, or the webhook was enabled or deleted.',
      ),
  })
  .describe('Something somebody should look at. A webhook has one of a kind at most that is not resolved.');

const found = { 200: { description: 'The alert.', schema: alertSchema } };

export const alertEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listAlerts',
    tag: 'Alerts',
    summary: 'List alerts, newest first',
    access: 'account',
    query: z.strictObject({ ...pageQuery, status: status.optional(), webhookId: wireId('wh').optional() }),
    responses: { 200: { description: 'A page of alerts.', schema: pageSchema(alertSchema) } },
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const page = await waybill.alerts.list(params.account as string, filter, pageRequest(query));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getAlert',
    tag: 'Alerts',
    summary: 'Read an alert',
    access: 'account',
    responses: found,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.alerts.get(params.account as string, params.alert as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/acknowledge`,
    operationId: 'acknowledgeAlert',
    tag: 'Alerts',
    summary: 'Say that somebody has seen an alert',
    access: 'account',
    responses: found,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.alerts.acknowledge(params.account as string, params.alert as string),
    }),
  }),
];
