import { z } from 'zod';
import { ACCOUNT_ID } from '../../manage/accounts.ts';
import { QUEUE_ORDERS, type QueueView } from '../../manage/queue.ts';
import { endpoint } from '../endpoint.ts';
import { accountId, wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';
import { deliverySchema } from './deliveries.ts';

const depth = {
  pending: z.int().describe('Deliveries that have not ended: those held, due, and waiting for a retry.'),
  held: z.int().describe('Those of webhooks which are paused or disabled. They count as nothing else.'),
  due: z.int(),
  waiting: z.int().describe('Those that wait for a retry.'),
  oldestDueAgeSeconds: z
    .number()
    .nullable()
    .describe('How long the oldest has been due, held ones apart; null: none is.'),
};
const exact = z.boolean().describe('false: there are at least so many.');

const webhookSchema = z
  .object({
    webhookId: wireId('wh'),
    account: accountId,
    status: z.enum(['active', 'paused', 'disabled']),
    priority: z.int(),
    ...depth,
    underWay: z.int().nullable().describe('Requests at this moment; null: another node sends for it.'),
    exact,
  })
  .describe('What waits for a webhook. Up to 10000 are counted.');

const queueSchema = pageSchema(webhookSchema).extend({
  total: z
    .object({ ...depth, exact })
    .describe('Of all webhooks. Up to 10000 of each are counted, and about 100000 in all; ages are exact.'),
  priorities: z.array(z.object({ priority: z.int(), ...depth })).describe('Highest first.'),
});

const queuedDeliverySchema = deliverySchema
  .extend({
    account: accountId,
    webhookName: z.string(),
    webhookStatus: z.enum(['active', 'paused', 'disabled']),
    priority: z.int().describe('Its own, else that of its webhook.'),
    hasOwnPriority: z.boolean().describe('Whether it has one of its own.'),
    uniqueKey: z
      .string()
      .nullable()
      .describe('Of a webhook with unique items: no other one waits with this key.'),
  })
  .describe('A delivery that waits.');

const filters = {
  webhookId: wireId('wh').optional(),
  priority: z.coerce.number().int().min(0).max(9).optional(),
};
const order = z
  .enum(QUEUE_ORDERS)
  .default('due')
  .describe(
    '`due`: by when it is due. `priority`: the highest priority first, then by when it is due; what is held by a webhook that ' +
      'is paused or disabled comes last. A cursor goes on in the order it was made in.',
  );
const responses = {
  200: { description: 'What waits, with a page of webhooks, by id.', schema: queueSchema },
};

const waiting = {
  200: { description: 'A page of what waits.', schema: pageSchema(queuedDeliverySchema) },
};

function queueBody({ webhooks, ...rest }: QueueView) {
  return { ...rest, ...pageBody(webhooks) };
}

export const queueEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/queue',
    operationId: 'readQueue',
    tag: 'Queue',
    summary: 'What waits to be sent, by webhook and priority',
    access: 'platform',
    query: z.strictObject({ ...pageQuery, account: accountId.regex(ACCOUNT_ID).optional(), ...filters }),
    responses,
    handle: async ({ waybill, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      return { status: 200, body: queueBody(await waybill.queue.read(filter, pageRequest(query))) };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/queue',
    operationId: 'readAccountQueue',
    tag: 'Queue',
    summary: 'What waits to be sent for an account, by webhook and priority',
    access: 'account',
    query: z.strictObject({ ...pageQuery, ...filters }),
    responses,
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const view = await waybill.queue.read(
        { ...filter, account: params.account as string },
        pageRequest(query),
      );
      return { status: 200, body: queueBody(view) };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/queue/deliveries',
    operationId: 'listQueue',
    tag: 'Queue',
    summary: 'List all that waits to be sent, by when it is due or by priority',
    access: 'platform',
    query: z.strictObject({
      ...pageQuery,
      account: accountId.regex(ACCOUNT_ID).optional(),
      order,
      ...filters,
    }),
    responses: waiting,
    problems: { 400: '`invalid_cursor`, `validation_failed`' },
    handle: async ({ waybill, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      return {
        status: 200,
        body: pageBody(await waybill.queue.deliveries(filter, pageRequest(query, query.order))),
      };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/queue/deliveries',
    operationId: 'listAccountQueue',
    tag: 'Queue',
    summary: 'List what waits to be sent for an account, by when it is due or by priority',
    access: 'account',
    query: z.strictObject({ ...pageQuery, order, ...filters }),
    responses: waiting,
    problems: { 400: '`invalid_cursor`, `validation_failed`' },
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const page = await waybill.queue.deliveries(
        { ...filter, account: params.account as string },
        pageRequest(query, query.order),
      );
      return { status: 200, body: pageBody(page) };
    },
  }),
];
