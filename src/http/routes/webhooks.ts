import { z } from 'zod';
import {
  DEFAULT_TIMEOUT_MS,
  newWebhookSchema,
  rotateSchema,
  testSchema,
  webhookChangesSchema,
} from '../../manage/webhook-input.ts';
import { endpoint } from '../endpoint.ts';
import {
  eventPattern,
  failingSchema,
  lastFailureSchema,
  presetName,
  signingSecret,
  successSchema,
  url,
  wireId,
} from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';
import { missedSchema } from './missed.ts';
import { authSchema, certificateSchema, clientCertificateSchema } from './webhook-credentials.ts';

const PATH = '/v1/accounts/{account}/webhooks';
const ONE = `${PATH}/{webhook}`;

const effectiveSchema = z.object({
  profile: z.string().describe('The title of its profile.'),
  payloadVersion: z.string().nullable(),
  httpsOnly: z.boolean(),
  userAgent: z.string().nullable(),
  success: successSchema,
  retry: z.object({
    schedule: z.array(z.int()).describe('Seconds before each retry.'),
    jitter: z.boolean().describe('Whether each delay is varied by a tenth.'),
  }),
  failing: failingSchema,
  disableAfterDays: z
    .number()
    .nullable()
    .describe('How many days of nothing but failures disable it; null: none do.'),
});

const webhookSchema = z
  .object({
    id: wireId('wh'),
    name: z.string(),
    url,
    events: z.array(eventPattern).describe('Event types, patterns such as `order.*`, or `*`.'),
    channels: z.array(z.string()).describe('None: all channels, and events without one.'),
    status: z.enum(['active', 'paused', 'disabled']),
    disabledReason: z
      .enum(['gone', 'request', 'failing', 'only_failures'])
      .nullable()
      .describe(
        '`gone`: the receiver answered 410; `failing`: by the rule of its profile; `only_failures`: nothing ' +
          'arrived for too long; `request`: somebody disabled it.',
      ),
    health: z.enum(['healthy', 'failing']),
    failingSince: z.iso.datetime().nullable(),
    firstFailureAt: z.iso
      .datetime()
      .nullable()
      .describe('When the first attempt failed since one last arrived; null: the last one arrived.'),
    lastFailure: lastFailureSchema,
    disabledAt: z.iso
      .datetime()
      .nullable()
      .describe('When it was disabled last, be it enabled again or not.'),
    profile: presetName,
    payloadVersion: z
      .string()
      .nullable()
      .describe('The version of payloads it pins; null: the usual one of its profile.'),
    publicKeys: z
      .array(z.string().meta({ pattern: '^whpk_[A-Za-z0-9+/]{43}=$' }))
      .describe('Where its profile signs with private keys: those that check its signatures now.'),
    headers: z.record(z.string(), z.string()),
    retry: z
      .object({ schedule: z.array(z.int()).describe('Seconds before each retry, exact.') })
      .nullable()
      .describe('null: the schedule of its profile, else the default one.'),
    timeoutMs: z.int().describe(`A whole attempt, in milliseconds. Default ${DEFAULT_TIMEOUT_MS}.`),
    condition: z
      .looseObject({})
      .nullable()
      .describe('Which events it gets, of its types and channels; null: all.'),
    filters: z
      .record(z.string(), z.array(z.union([z.string(), z.number()])))
      .describe('Values by the name of a filter of its profile, one of which an event must have.'),
    payload: z
      .object({ mimeType: z.string(), template: z.string() })
      .nullable()
      .describe('What its bodies are made of; null: as its profile says.'),
    unique: z
      .boolean()
      .describe('Whether a newer event takes the place of one that waits, for the same type and subject.'),
    priority: z.int().min(0).max(9).describe('9 goes first, 0 last.'),
    ordering: z
      .enum(['none', 'subject'])
      .describe('`subject`: deliveries of one subject go one after the other, in the order published.'),
    rateLimit: z
      .object({ perSecond: z.number().optional(), inFlight: z.int().optional() })
      .nullable()
      .describe('Requests a second, and at once; null: as many as the receiver takes well.'),
    batch: z
      .object({ maxItems: z.int(), maxWaitMs: z.int(), by: z.string().optional() })
      .nullable()
      .describe(
        'Events of one type that go in one request: how many at most, how long the first waits for others, and a path into ' +
          'their data whose value they have in common. null: each goes alone.',
      ),
    disableAfterDays: z
      .number()
      .min(0)
      .max(365)
      .nullable()
      .describe('How many days of nothing but failures disable it; 0: none do; null: as the instance says.'),
    auth: authSchema
      .nullable()
      .describe('What says who sends, in a header, without its secrets; null: nothing.'),
    clientCertificate: clientCertificateSchema
      .nullable()
      .describe('The certificate shown to a receiver that asks for one; null: none.'),
    tlsCa: z
      .array(certificateSchema)
      .nullable()
      .describe('Authorities it trusts beside the usual ones; null: none.'),
    effective: effectiveSchema
      .nullable()
      .describe('What holds for it, whoever says so; null: its profile cannot be read.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .describe('Where to send what, and how.');

const shown = { 200: { description: 'The webhook.', schema: webhookSchema } };
const changed = {
  200: {
    description: 'The webhook; if it was disabled and is not any more, with what it has missed.',
    schema: webhookSchema.extend({ missed: missedSchema.optional() }),
  },
};
const DISABLED = { 409: '`webhook_disabled`: resume it first.' };

export const webhookEndpoints = [
  endpoint({
    method: 'post',
    path: PATH,
    operationId: 'createWebhook',
    tag: 'Webhooks',
    summary: 'Create a webhook',
    description:
      'The signing secret is in this answer and never again. `secret` may be given: `whsec_` and base64 of 24 to 64 bytes.',
    access: 'account',
    body: { schema: newWebhookSchema },
    responses: {
      201: {
        description: 'The webhook, with its secret this once.',
        schema: webhookSchema.extend({ secret: signingSecret }),
      },
    },
    problems: { 409: '`too_many_webhooks`: the account has as many as it may.' },
    handle: async ({ waybill, params, body }) => ({
      status: 201,
      body: await waybill.webhooks.create(params.account as string, body),
    }),
  }),
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List webhooks, newest first',
    access: 'account',
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page of webhooks.', schema: pageSchema(webhookSchema) } },
    handle: async ({ waybill, params, query }) => {
      const page = await waybill.webhooks.list(params.account as string, pageRequest(query));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getWebhook',
    tag: 'Webhooks',
    summary: 'Read a webhook',
    access: 'account',
    responses: shown,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.webhooks.get(params.account as string, params.webhook as string),
    }),
  }),
  endpoint({
    method: 'patch',
    path: ONE,
    operationId: 'updateWebhook',
    tag: 'Webhooks',
    summary: 'Change a webhook',
    description: 'Fields that are left out stay. Setting `status` to `disabled` cancels what is pending.',
    access: 'account',
    body: { schema: webhookChangesSchema },
    responses: changed,
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.webhooks.update(params.account as string, params.webhook as string, body),
    }),
  }),
  endpoint({
    method: 'delete',
    path: ONE,
    operationId: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Delete a webhook',
    description: 'For good. What is pending is cancelled; past deliveries stay readable.',
    access: 'account',
    responses: { 204: { description: 'It is gone.' } },
    handle: async ({ waybill, params }) => {
      await waybill.webhooks.delete(params.account as string, params.webhook as string);
      return { status: 204 };
    },
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/pause`,
    operationId: 'pauseWebhook',
    tag: 'Webhooks',
    summary: 'Pause a webhook',
    description: 'Deliveries are still made, and wait.',
    access: 'account',
    responses: shown,
    problems: DISABLED,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.webhooks.pause(params.account as string, params.webhook as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/resume`,
    operationId: 'resumeWebhook',
    tag: 'Webhooks',
    summary: 'Resume a paused or disabled webhook',
    description: 'What waits is sent. What a disabled one has missed is not: `missed` says how to get it.',
    access: 'account',
    responses: changed,
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.webhooks.resume(params.account as string, params.webhook as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/test`,
    operationId: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a test event to this webhook alone',
    access: 'account',
    body: { schema: testSchema, optional: true },
    responses: {
      202: {
        description: 'The ids of the event and its delivery.',
        schema: z.object({ id: wireId('evt'), deliveryId: wireId('dlv') }),
      },
    },
    problems: DISABLED,
    handle: async ({ waybill, params, body }) => ({
      status: 202,
      body: await waybill.webhooks.test(params.account as string, params.webhook as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/secret/rotate`,
    operationId: 'rotateSecret',
    tag: 'Webhooks',
    summary: 'Give the webhook a new secret',
    description: 'The secret before signs beside it for `overlapSeconds` (default 86400, at most 30 days).',
    access: 'account',
    body: { schema: rotateSchema, optional: true },
    responses: {
      200: {
        description: 'The new secret, this once.',
        schema: z.object({ secret: signingSecret, previousExpiresAt: z.iso.datetime() }),
      },
    },
    problems: { 409: '`too_many_secrets`: wait until one expires, or rotate with `overlapSeconds` 0.' },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.webhooks.rotateSecret(params.account as string, params.webhook as string, body),
    }),
  }),
];
