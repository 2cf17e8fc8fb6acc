import { z } from 'zod';
import { RULE_CODES } from '../../manage/explain-rules.ts';
import { draftSchema, whatIfSchema } from '../../manage/what-if.ts';
import { endpoint } from '../endpoint.ts';
import { failureParamsSchema, wireId } from '../formats.ts';
import { paramsSchema } from '../problem.ts';

const ONE = '/v1/accounts/{account}/webhooks/{webhook}';

const explainedSchema = z
  .object({
    fires: z.boolean().describe('Whether the webhook gets the event.'),
    rules: z.array(
      z.object({
        rule: z.enum(['test', 'status', 'events', 'channels', 'filters', 'condition']),
        holds: z.boolean(),
        sentence: z.string(),
        code: z.enum(RULE_CODES).describe('What the sentence says; stable.'),
        params: paramsSchema,
        found: z.looseObject({}).optional().describe('Of a filter: what it found, as in `condition`.'),
      }),
    ),
    condition: z.looseObject({}).nullable().describe('The condition, rule by rule; null if it has none.'),
    deliveryId: wireId('dlv').nullable().describe('The delivery there is of a published event.'),
  })
  .describe('Whether a webhook gets an event, and why.');

const previewSchema = z
  .union([
    z.object({
      method: z.literal('POST'),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
    z.object({
      failure: z.object({ code: z.string(), reason: z.string(), params: failureParamsSchema.optional() }),
    }),
  ])
  .describe(
    'A request as it would be sent now, or why none would be. Of the header that says who sends only the name.',
  );

const explained = { 200: { description: 'The answer.', schema: explainedSchema } };
const previewed = { 200: { description: 'The request.', schema: previewSchema } };
const WHICH =
  'The event is a published one (`eventId`), one that is made up (`event`), or the sample of a type (`eventType`, by ' +
  'default the first the webhook wants). ';

export const whatIfEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/explain',
    operationId: 'explainDraft',
    tag: 'Webhooks',
    summary: 'Whether a webhook that is not saved yet would get an event, and why not',
    description: WHICH,
    access: 'account',
    permission: 'look',
    body: { schema: draftSchema },
    responses: explained,
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.whatIfs.explainDraft(params.account as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/preview',
    operationId: 'previewDraft',
    tag: 'Webhooks',
    summary: 'What a webhook that is not saved yet would send',
    description: `${WHICH}Signed with the given secret, else with one that is made up.`,
    access: 'account',
    permission: 'look',
    body: { schema: draftSchema },
    responses: previewed,
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.whatIfs.previewDraft(params.account as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/explain`,
    operationId: 'explainWebhook',
    tag: 'Webhooks',
    summary: 'Whether a webhook would get an event, and why not',
    description: `${WHICH}\`webhook\` has changes that are not saved.`,
    access: 'account',
    permission: 'look',
    body: { schema: whatIfSchema, optional: true },
    responses: explained,
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.whatIfs.explain(params.account as string, params.webhook as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/preview`,
    operationId: 'previewWebhook',
    tag: 'Webhooks',
    summary: 'What a webhook would send: body, headers and signature',
    description: `${WHICH}\`webhook\` has changes that are not saved.`,
    access: 'account',
    permission: 'look',
    body: { schema: whatIfSchema, optional: true },
    responses: previewed,
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.whatIfs.preview(params.account as string, params.webhook as string, body),
    }),
  }),
];
