import { z } from 'zod';
import { payloadVersionSchema, presetNameSchema } from '../catalog/preset-file.ts';
import { isEventPattern } from '../event-pattern.ts';
import { brokenRule, type HeaderProblem, headerProblem } from '../profile/header-rules.ts';
import { isTextSecret } from '../profile/secret.ts';
import { channelSchema } from '../publish/event.ts';
import { credentialFields } from './webhook-credentials.ts';
import { optionFields } from './webhook-options.ts';

export const DEFAULT_TIMEOUT_MS = 15_000;

const MAX_HEADERS_BYTES = 8 * 1024;

/** Text without control characters, as people write names. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((value) => value.isWellFormed(), {
    message: 'contains a lone surrogate, which is not valid Unicode',
    params: { rule: 'lone_surrogate' },
  })
  .refine((value) => !/\p{Cc}/u.test(value), {
    message: 'contains a control character',
    params: { rule: 'control_character' },
  });

const pattern = z.string().refine(isEventPattern, {
  message: 'must be an event type such as order.created, a pattern such as order.*, or *',
  params: { rule: 'event_pattern' },
});

const TWICE: HeaderProblem = { rule: 'header_twice', message: 'is given twice, in different case' };

const headers = z.record(z.string(), z.string()).superRefine((value, context) => {
  let bytes = 0;
  const seen = new Set<string>();
  for (const [name, text] of Object.entries(value)) {
    bytes += name.length + text.length;
    const twice = seen.has(name.toLowerCase()) ? TWICE : undefined;
    seen.add(name.toLowerCase());
    const problem = headerProblem(name, text) ?? twice;
    if (problem) context.addIssue({ code: 'custom', path: [name], ...brokenRule(problem) });
  }
  if (Object.keys(value).length > 20 || bytes > MAX_HEADERS_BYTES) {
    const message = 'must be at most 20 headers of 8 KiB together';
    context.addIssue({ code: 'custom', message, params: { rule: 'headers_size' } });
  }
});

/** Some profiles want more of a secret: see profile-rules.ts. */
export const secretSchema = z.string().refine(isTextSecret, {
  message: 'must be 8 to 256 visible ASCII characters without spaces',
  params: { rule: 'secret' },
});

const retry = z.strictObject({
  schedule: z
    .array(
      z
        .int()
        .min(1)
        .max(7 * 86_400),
    )
    .max(30),
});

/** The fields of a webhook that somebody may set. The URL is judged apart, by the egress rules. */
export const webhookFields = {
  /** null: the host of its URL. */
  name: nameSchema.nullable(),
  url: z.string().min(1),
  events: z.array(pattern).min(1).max(100),
  channels: z.array(channelSchema).max(100),
  status: z.enum(['active', 'paused', 'disabled']),
  profile: presetNameSchema,
  payloadVersion: payloadVersionSchema.nullable(),
  headers,
  retry: retry.nullable(),
  timeoutMs: z.int().min(100).max(120_000),
  ...optionFields,
  ...credentialFields,
};

export const webhookChangesSchema = z.strictObject(webhookFields).partial();

export const newWebhookSchema = webhookChangesSchema.extend({
  url: webhookFields.url,
  events: webhookFields.events,
  secret: secretSchema.optional(),
});

export type NewWebhook = z.input<typeof newWebhookSchema>;
export type WebhookChanges = z.input<typeof webhookChangesSchema>;

/** Of `POST …/secret/rotate`. */
export const rotateSchema = z.strictObject({
  secret: secretSchema.optional(),
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * 86_400)
    .optional(),
});
export type RotateInput = z.input<typeof rotateSchema>;

/** Of `POST …/test`. */
export const testSchema = z.strictObject({ eventType: z.string().optional() });
