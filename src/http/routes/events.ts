import { z } from 'zod';
import { parseInput, timeSchema } from '../../input.ts';
import type { EventView } from '../../manage/events.ts';
import { eventFields, idempotencyKeySchema } from '../../publish/event.ts';
import { publishedView } from '../../publish/plan.ts';
import { readPublishBody } from '../../publish/request-body.ts';
import { type Call, endpoint, type JsonBody, type Reply, rawEndpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { anyJson, eventType, wireId } from '../formats.ts';
import { pageEnd, pageQuery, pageRequest, searchedPageSchema, searchQuery } from '../pagination.ts';
import { paramsSchema } from '../problem.ts';

const PATH = '/v1/accounts/{account}/events';

const newEventSchema = z
  .strictObject({
    ...eventFields,
    data: anyJson.describe('Any JSON. Its bytes arrive as they are sent.'),
  })
  .describe('An event to publish.');
const warningsSchema = z
  .array(
    z.object({
      path: z.string(),
      rule: z
        .string()
        .describe('Stable, for programs: the keyword of the schema it breaks, or what else is the matter.'),
      message: z.string(),
      params: paramsSchema.optional(),
    }),
  )
  .describe("What it breaks of its type's schema, where the account's policy is to warn.");
const publishedSchema = z.object({
  id: wireId('evt'),
  deliveries: z.int().describe('How many webhooks get it.'),
  warnings: warningsSchema.optional(),
});
const eventSchema = z
  .object({
    id: wireId('evt'),
    type: eventType,
    subject: z.string().nullable(),
    channel: z.string().nullable(),
    version: z.string().nullable(),
    occurredAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    deliveries: z.int(),
    warnings: warningsSchema,
    test: z.boolean().describe('Whether it was made to try one webhook, which alone gets it.'),
    data: anyJson.describe('As it was published, byte for byte.'),
  })
  .describe('Something that happened. It never changes.');

/** The data is put in as text: writing it anew would change its numbers. */
function eventText({ data, ...rest }: EventView): string {
  return `${JSON.stringify(rest).slice(0, -1)},"data":${data}}`;
}

async function publish({ waybill, params, body, header }: Call<undefined, JsonBody>): Promise<Reply> {
  const key = header('idempotency-key');
  if (key !== undefined)
    parseInput(z.object({ 'Idempotency-Key': idempotencyKeySchema }), { 'Idempotency-Key': key });
  const { events, many, idempotencyKey } = readPublishBody(body, key ?? null, waybill.config.limits);
  const published = await waybill.publishChecked({
    accountId: params.account as string,
    events,
    idempotencyKey,
  });
  const answers = published.map(publishedView);
  return { status: 202, body: many ? { events: answers } : answers[0] };
}

const listQuery = z.strictObject({
  ...pageQuery,
  type: filterText(128).optional(),
  subject: filterText(256).optional(),
  channel: filterText(128).optional(),
  from: timeSchema.optional().describe('Received at this time or later.'),
  to: timeSchema.optional().describe('Received before this time.'),
  ...searchQuery,
});

export const eventEndpoints = [
  rawEndpoint({
    method: 'post',
    path: PATH,
    operationId: 'publishEvents',
    tag: 'Events',
    summary: 'Publish an event, or up to 1000 at once',
    description:
      'Answers once everything is committed. Several events are taken all or none. Publishing again under the ' +
      'same idempotency key gives the first answer, for at least a day.',
    access: 'account',
    requestHeaders: z.object({
      'Idempotency-Key': idempotencyKeySchema.optional().describe('Covers the whole request.'),
    }),
    body: {
      schema: z.union([newEventSchema, z.strictObject({ events: z.array(newEventSchema).min(1).max(1000) })]),
    },
    responses: {
      202: {
        description: 'Committed.',
        schema: z.union([publishedSchema, z.object({ events: z.array(publishedSchema) })]),
      },
    },
    problems: {
      400:
        '`validation_failed`, `malformed_json`, `json_too_deep`: the input breaks a rule; `invalid_event_data`, ' +
        "`unknown_event_type`: the account's policy refuses events that break their schema, or of unknown types.",
      409:
        '`idempotency_conflict`: the key was used for another body; `idempotency_key_in_use`, `unique_item_in_use`, ' +
        '`account_in_use`, `daily_limit_in_use`: try again.',
      413: '`payload_too_large`, `batch_too_large`, `request_too_large`',
      429: '`daily_limit_reached`: the account may publish no more today; `Retry-After` says when it may.',
    },
    handle: publish,
  }),
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listEvents',
    tag: 'Events',
    summary: 'List events, newest first',
    access: 'account',
    query: listQuery,
    responses: { 200: { description: 'A page of events.', schema: searchedPageSchema(eventSchema) } },
    problems: { 503: '`search_timed_out`: narrow the search down with `from` and `to`.' },
    handle: async ({ waybill, params, query }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const keyedBy = query.search === undefined ? 'uuid' : 'eventSearch';
      const page = await waybill.events.list(params.account as string, filter, pageRequest(query, keyedBy));
      const end = JSON.stringify(pageEnd(page)).slice(1);
      return { status: 200, text: `{"data":[${page.items.map(eventText).join(',')}],${end}` };
    },
  }),
  endpoint({
    method: 'get',
    path: `${PATH}/{event}`,
    operationId: 'getEvent',
    tag: 'Events',
    summary: 'Read an event',
    access: 'account',
    responses: { 200: { description: 'The event.', schema: eventSchema } },
    handle: async ({ waybill, params }) => ({
      status: 200,
      text: eventText(await waybill.events.get(params.account as string, params.event as string)),
    }),
  }),
];
