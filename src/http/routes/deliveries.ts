import { z } from 'zod';
import { timeSchema } from '../../input.ts';
import { deliveryChangesSchema } from '../../manage/deliveries.ts';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { eventType, failureParamsSchema, url, wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, searchedPageSchema, searchQuery } from '../pagination.ts';

const PATH = '/v1/accounts/{account}/deliveries';
const ONE = `${PATH}/{delivery}`;
const STATUSES = ['pending', 'delivered', 'failed', 'cancelled', 'superseded'] as const;

export const deliverySchema = z
  .object({
    id: wireId('dlv'),
    webhookId: wireId('wh'),
    eventId: wireId('evt'),
    eventType,
    subject: z.string().nullable(),
    status: z.enum(STATUSES),
    statusReason: z
      .enum(['exhausted', 'gone', 'request', 'webhook_deleted', 'webhook_disabled'])
      .nullable()
      .describe('Why it ended without arriving.'),
    priority: z
      .int()
      .nullable()
      .describe('9 goes first, 0 last, among those of its webhook; null: as its webhook says.'),
    attemptCount: z.int(),
    createdAt: z.iso.datetime(),
    nextAttemptAt: z.iso.datetime().nullable(),
    settledAt: z.iso.datetime().nullable(),
    lastAttemptAt: z.iso.datetime().nullable(),
    lastStatusCode: z.int().nullable(),
    lastFailureCode: z.string().nullable(),
    lastFailureReason: z.string().nullable(),
    lastFailureParams: failureParamsSchema,
    lastDurationMs: z.int().nullable().describe('How long the last attempt took; null: there was none.'),
    replayId: wireId('rpl').nullable().describe('The replay that made it.'),
    batchId: wireId('bat')
      .nullable()
      .describe(
        'The batch it went with last, and goes with until it has ended; null: each event goes alone.',
      ),
    batchItems: z.int().nullable().describe('How many events that batch has, or had.'),
    supersededBy: wireId('dlv')
      .nullable()
      .describe('The delivery that took its place, of a webhook with unique items.'),
  })
  .describe('One event on its way to one webhook.');

const attemptSchema = z
  .object({
    id: wireId('att'),
    number: z.int().describe('Counted from 1.'),
    startedAt: z.iso.datetime(),
    durationMs: z.int(),
    url,
    outcome: z.enum(['delivered', 'failed']),
    failureCode: z
      .string()
      .nullable()
      .describe('Stable, for programs: `timeout`, `dns_not_found`, `http_500`, …'),
    failureReason: z.string().nullable().describe('For people.'),
    failureParams: failureParamsSchema,
    statusCode: z.int().nullable(),
    responseHeaders: z.record(z.string(), z.string()).nullable(),
    responseBody: z.string().nullable().describe('Its first 16 KiB.'),
    responseTruncated: z.boolean(),
    batchId: wireId('bat').nullable().describe('The batch whose request it was.'),
  })
  .describe('One HTTP request of a delivery.');

const attemptRequestSchema = z
  .object({
    attemptId: wireId('att'),
    unchanged: z
      .boolean()
      .describe('Whether `request` is what was sent, byte for byte but for `hiddenHeaders`.'),
    state: z
      .enum(['as_sent', 'changed', 'nothing_sent', 'not_recorded'])
      .describe('Whether it is what was sent, or else why it is how it would be sent now.'),
    note: z.string().describe('The same for people.'),
    request: z
      .object({
        method: z.literal('POST'),
        url,
        headers: z
          .record(z.string(), z.string())
          .describe('Without `host`, `content-length` and `connection`, which follow from the rest.'),
        body: z.string(),
      })
      .nullable()
      .describe('null: none can be made.'),
    failure: z
      .object({ code: z.string(), reason: z.string(), params: failureParamsSchema.optional() })
      .nullable()
      .describe('Why none can be made.'),
    hiddenHeaders: z.array(z.string()).describe('Those that say who sends. Their values are never shown.'),
    signatures: z.array(
      z.object({
        header: z.string(),
        algorithm: z.string(),
        content: z.string().describe('The text that is signed.'),
        secretIds: z
          .array(wireId('sec'))
          .describe('Of the secrets that have signed it, the current one of that time first.'),
      }),
    ),
    batchId: wireId('bat').nullable().describe('The batch whose request it was.'),
    items: z.int().describe('How many events are in it.'),
  })
  .describe('What an attempt sent, or would send now.');

const listQuery = z.strictObject({
  ...pageQuery,
  webhookId: wireId('wh').optional(),
  eventId: wireId('evt').optional(),
  batchId: wireId('bat').optional().describe('The batch they went with last.'),
  eventType: filterText(128).optional(),
  subject: filterText(256).optional(),
  status: z.enum(STATUSES).optional(),
  from: timeSchema.optional().describe('Made at this time or later.'),
  to: timeSchema.optional().describe('Made before this time.'),
  ...searchQuery,
});

export const deliveryEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listDeliveries',
    tag: 'Deliveries',
    summary: 'List deliveries, newest first',
    access: 'account',
    query: listQuery,
    responses: { 200: { description: 'A page of deliveries.', schema: searchedPageSchema(deliverySchema) } },
    problems: {
      400: '`invalid_cursor`, `invalid_id`, `validation_failed`',
      503: '`search_timed_out`: narrow the search down with `from` and `to`.',
    },
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const keyedBy = query.search === undefined ? 'uuid' : 'deliverySearch';
      const request = pageRequest(query, keyedBy);
      const page = await waybill.deliveries.list(params.account as string, filter, request);
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getDelivery',
    tag: 'Deliveries',
    summary: 'Read a delivery with all its attempts',
    access: 'account',
    responses: {
      200: {
        description: 'The delivery.',
        schema: deliverySchema.extend({ attempts: z.array(attemptSchema) }),
      },
    },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.deliveries.get(params.account as string, params.delivery as string),
    }),
  }),
  endpoint({
    method: 'get',
    path: `${ONE}/attempts/{attempt}/request`,
    operationId: 'readAttemptRequest',
    tag: 'Deliveries',
    summary: 'Read the request of an attempt',
    description:
      'Requests are not kept. This one is made once more, with the number and the time of the attempt and the secrets that ' +
      'were valid then. `unchanged` says whether it is what was sent; if not, it is how it would be sent now.',
    access: 'account',
    responses: { 200: { description: 'The request.', schema: attemptRequestSchema } },
    problems: { 409: '`webhook_deleted`' },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.deliveries.requestOf(
        params.account as string,
        params.delivery as string,
        params.attempt as string,
      ),
    }),
  }),
  endpoint({
    method: 'patch',
    path: ONE,
    operationId: 'updateDelivery',
    tag: 'Deliveries',
    summary: 'Let a pending delivery go before or after others of its webhook',
    description: 'Of those that may not overtake each other, such as those of one subject, none does.',
    access: 'account',
    body: { schema: deliveryChangesSchema },
    responses: { 200: { description: 'The delivery.', schema: deliverySchema } },
    problems: { 409: '`delivery_not_pending`, `unique_item_in_use`' },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.deliveries.update(params.account as string, params.delivery as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/retry`,
    operationId: 'retryDelivery',
    tag: 'Deliveries',
    summary: 'Send a failed or cancelled delivery again',
    description: 'It is due at once, and its retry schedule begins anew.',
    access: 'account',
    responses: { 202: { description: 'The delivery, pending.', schema: deliverySchema } },
    problems: {
      409: '`delivery_not_retryable`, `newer_delivery_pending`, `unique_item_in_use`, `webhook_disabled`, `webhook_deleted`',
    },
    handle: async ({ waybill, params }) => ({
      status: 202,
      body: await waybill.deliveries.retry(params.account as string, params.delivery as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/run-now`,
    operationId: 'runDeliveryNow',
    tag: 'Deliveries',
    summary: 'Make the next attempt of a pending delivery due at once',
    description:
      'Its retry schedule goes on from there. It still waits for its turn, and where its webhook is paused or rests.',
    access: 'account',
    responses: { 202: { description: 'The delivery.', schema: deliverySchema } },
    problems: { 409: '`delivery_not_pending`, `unique_item_in_use`' },
    handle: async ({ waybill, params }) => ({
      status: 202,
      body: await waybill.deliveries.runNow(params.account as string, params.delivery as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/cancel`,
    operationId: 'cancelDelivery',
    tag: 'Deliveries',
    summary: 'Cancel a pending delivery',
    description: 'A request already under way is not called back; its attempt stays on record.',
    access: 'account',
    responses: { 200: { description: 'The delivery, cancelled.', schema: deliverySchema } },
    problems: { 409: '`delivery_not_cancellable`, `unique_item_in_use`' },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.deliveries.cancel(params.account as string, params.delivery as string),
    }),
  }),
];
