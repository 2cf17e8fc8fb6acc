import { z } from 'zod';
import { statisticsQuerySchema } from '../../manage/statistics.ts';
import { endpoint } from '../endpoint.ts';
import { wireId } from '../formats.ts';

const PATH = '/v1/accounts/{account}/statistics';

const countsSchema = z.object({
  events: z.int(),
  delivered: z.int().describe('Attempts that delivered.'),
  failed: z.int().describe('Attempts that failed.'),
  p50Ms: z.int().nullable().describe('Half of the attempts took at most this long, to within a bound.'),
  p95Ms: z.int().nullable(),
  p50IsOver: z.boolean().describe('Whether it was longer: durations are told apart up to 30 seconds.'),
  p95IsOver: z.boolean(),
});

const statisticsSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.int(),
  spans: z.array(countsSchema.extend({ at: z.iso.datetime().describe('When it begins.') })),
  total: countsSchema,
  queue: z.object({
    pending: z.int().describe('Deliveries that wait; at 100,000 it stops counting.'),
    held: z.int().describe('Of these, those that wait for webhooks which are paused or disabled.'),
    oldestDueSeconds: z
      .int()
      .nullable()
      .describe('How long what is due longest has been, held ones apart; null: nothing is.'),
  }),
});

const webhookStatisticsSchema = z.object({
  webhookId: wireId('wh'),
  delivered: z.int(),
  failed: z.int(),
  lastAttemptAt: z.iso.datetime().nullable().describe('Within the last 35 days; null: there was none.'),
  nextDueAt: z.iso
    .datetime()
    .nullable()
    .describe('When the next of what waits is due, or has been; null: nothing waits.'),
  hours: z.array(z.object({ at: z.iso.datetime(), delivered: z.int(), failed: z.int() })),
});

export const statisticsEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'getStatistics',
    tag: 'Statistics',
    summary: 'Events and attempts over time',
    description:
      'Without a time those of the last 24 hours. Attempts are counted within two seconds, kept for 35 days, and may ' +
      'lack those of the last two seconds before a crash.',
    access: 'account',
    query: statisticsQuerySchema,
    responses: { 200: { description: 'What happened, span by span.', schema: statisticsSchema } },
    problems: { 400: '`too_many_spans`: take a longer step or a shorter time; `validation_failed`' },
    handle: async ({ waybill, params, query }) => ({
      status: 200,
      body: await waybill.statistics.account(params.account as string, query),
    }),
  }),
  endpoint({
    method: 'get',
    path: `${PATH}/webhooks`,
    operationId: 'getWebhookStatistics',
    tag: 'Statistics',
    summary: 'How each webhook fared in the last 24 hours',
    access: 'account',
    responses: {
      200: {
        description: 'Those that had attempts in the last 35 days, or for which something waits.',
        schema: z.object({ data: z.array(webhookStatisticsSchema) }),
      },
    },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: { data: await waybill.statistics.webhooks(params.account as string) },
    }),
  }),
];
