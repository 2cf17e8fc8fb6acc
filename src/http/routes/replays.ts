import { z } from 'zod';
import { replaySchema } from '../../manage/replays.ts';
import { endpoint } from '../endpoint.ts';
import { eventPattern, wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const PATH = '/v1/accounts/{account}/replays';
const ONE = `${PATH}/{replay}`;

const shownSchema = z
  .object({
    id: wireId('rpl'),
    webhookId: wireId('wh'),
    status: z.enum(['running', 'paused', 'done', 'cancelled']),
    total: z.int().describe('How many events there were to send again when it began.'),
    made: z.int().describe('How many deliveries it has made.'),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    types: z.array(eventPattern),
    channel: z.string().nullable(),
    subject: z.string().nullable(),
    lastStatus: z.string().nullable(),
    ratePerSecond: z.number().nullable(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .describe('Events sent to a webhook once more. Its deliveries name it.');

const shown = { 200: { description: 'The replay.', schema: shownSchema } };
const ENDED = { 409: '`replay_ended`: begin a new one.' };

const action = (name: 'pause' | 'resume' | 'cancel', summary: string) =>
  endpoint({
    method: 'post',
    path: `${ONE}/${name}`,
    operationId: `${name}Replay`,
    tag: 'Replays',
    summary,
    access: 'account',
    responses: shown,
    problems: ENDED,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.replays[name](params.account as string, params.replay as string),
    }),
  });

export const replayEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/webhooks/{webhook}/replay',
    operationId: 'replayWebhook',
    tag: 'Replays',
    summary: 'Send events to a webhook once more',
    description:
      'Of those it would get now, in the order published. What waits for it already is left out. With `dryRun` they are ' +
      'only counted.',
    access: 'account',
    body: { schema: replaySchema },
    responses: {
      200: { description: 'How many there are.', schema: z.object({ count: z.int() }) },
      202: { description: 'It has begun.', schema: shownSchema },
    },
    problems: { 409: '`webhook_disabled`: resume it first.' },
    handle: async ({ waybill, params, body }) => {
      const made = await waybill.replays.create(params.account as string, params.webhook as string, body);
      return { status: 'count' in made ? 200 : 202, body: made };
    },
  }),
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listReplays',
    tag: 'Replays',
    summary: 'List replays, newest first',
    access: 'account',
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page of replays.', schema: pageSchema(shownSchema) } },
    handle: async ({ waybill, params, query }) => {
      const page = await waybill.replays.list(params.account as string, pageRequest(query));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getReplay',
    tag: 'Replays',
    summary: 'Read a replay: how far it is',
    access: 'account',
    responses: shown,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.replays.get(params.account as string, params.replay as string),
    }),
  }),
  action('pause', 'Make no more deliveries until it is resumed'),
  action('resume', 'Go on with a replay'),
  action('cancel', 'Make no more deliveries; those made go their way'),
];
