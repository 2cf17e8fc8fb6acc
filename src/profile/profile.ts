import { z } from 'zod';
import { isEventPattern, matchesPattern } from '../event-pattern.ts';
import { batchSchema } from './batch-format.ts';
import { type PayloadFields, payloadSchema } from './payload-fields.ts';
import { compileTemplate, isReference, type Template } from './template.ts';

const pattern = z.string().refine(isEventPattern, 'is not a pattern of event types');
const member = z.string().min(1).max(128);

const reference = z.string().refine(isReference, {
  error: (issue) => `${String(issue.input).slice(0, 100)} is not a field that can be referred to`,
});

/** @param own what a template may refer to in this place, beside what any may */
function templateOf(...own: readonly string[]) {
  return z
    .string()
    .max(1024)
    .transform((text, context): Template => {
      const compiled = compileTemplate(text, own);
      if (typeof compiled !== 'string') return compiled;
      context.addIssue({ code: 'custom', message: compiled });
      return z.NEVER;
    });
}

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,128}$/, 'is not a header name');

const signature = z
  .strictObject({
    header: headerName,
    algorithm: z.enum(['hmac-sha256', 'hmac-sha512', 'ed25519']),
    encoding: z.enum(['hex', 'base64']),
    key: z.enum(['text', 'whsec', 'whsk']),
    content: templateOf('body'),
    each: templateOf('signature'),
    secrets: z.enum(['first', 'all']),
    separator: z
      .string()
      .max(8)
      .regex(/^[\x20-\x7e]*$/, 'must be visible ASCII in one line')
      .default(' '),
    value: templateOf('signatures').prefault('{signatures}'),
  })
  .refine(
    ({ algorithm, key }) => (algorithm === 'ed25519') === (key === 'whsk'),
    'ed25519 signs with a key of the kind whsk, and nothing else does',
  );

const bodyField = z.union(
  [
    z
      .strictObject({
        name: member,
        value: z.union(
          [
            reference,
            z.strictObject({
              count: reference.refine((name) => name !== 'event.payload', "can't be counted"),
            }),
            z.strictObject({ const: z.json() }),
          ],
          'must be a field that can be referred to, {"count": …} or {"const": …}',
        ),
      })
      // Written once here, not once a request.
      .transform((field) => ({ ...field, prefix: `${JSON.stringify(field.name)}:` })),
    z.strictObject({ spread: z.enum(['event.data', 'event.payload']) }),
  ],
  'must be {"name": …, "value": …} or {"spread": …}',
);

const bodyFields = z
  .array(bodyField)
  .min(1)
  .max(50)
  .superRefine((fields, context) => {
    const seen = new Set<string>();
    fields.forEach((field, index) => {
      if (!('name' in field)) return;
      if (seen.has(field.name)) {
        context.addIssue({ code: 'custom', message: `${field.name} is there twice`, path: [index, 'name'] });
      }
      seen.add(field.name);
    });
    const spreads = fields.filter((field) => 'spread' in field).length;
    if (spreads > 1)
      context.addIssue({ code: 'custom', message: 'spreads twice: members could be there twice' });
    if (spreads > 0 && seen.has('data')) {
      const message = 'has a member data beside a spread, which gives that name to what has no members';
      context.addIssue({ code: 'custom', message });
    }
  });

const FAILING = ['mark', 'alert', 'disable'] as const;

/** A wire format as it is written down: data, and no code. `docs/guides/profiles.md` tells what each part means. */
export const profileSchema = z
  .strictObject({
    userAgent: z
      .string()
      .regex(/^[\x21-\x7e][\x20-\x7e]{0,199}$/, 'must be visible ASCII in one line')
      .optional(),
    httpsOnly: z.boolean().default(false),
    body: z.union(
      [z.literal('event.data'), bodyFields],
      'is not a JSON envelope: it must be "event.data", or a list of members',
    ),
    batch: batchSchema,
    headers: z.record(headerName, templateOf()).default({}),
    signatures: z.array(signature).max(4),
    success: z.union([z.literal('2xx'), z.array(z.int().min(200).max(299)).min(1)]).default('2xx'),
    retry: z.strictObject({ schedule: z.array(z.int().min(1).max(604_800)).max(30) }).optional(),
    failing: z
      .strictObject({ after: z.int().min(1).max(1000).default(1), actions: z.array(z.enum(FAILING)).max(3) })
      .default({ after: 1, actions: ['mark', 'alert'] }),
    payloads: z
      .array(z.strictObject({ events: z.array(pattern).min(1), payload: payloadSchema }))
      .default([]),
  })
  .refine(
    ({ signatures }) => new Set(signatures.map(({ key }) => key === 'whsk')).size < 2,
    'signs with whsk keys and with shared secrets: a webhook has secrets of one kind',
  );

/** A wire format, checked and with its templates taken apart. */
export type WireFormat = z.output<typeof profileSchema>;
export type Signature = WireFormat['signatures'][number];
export type BodyField = Exclude<WireFormat['body'], string>[number];

/** What is sent of an event of one type. */
export interface TypePayload {
  /** Of the payload; null for a type that has but one. */
  readonly version: string | null;
  /** null: the whole data. */
  readonly payload: PayloadFields | null;
}

/** The wire format of a webhook: a preset's, with the payloads of its event types in the versions the webhook wants. */
export interface Profile extends WireFormat {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of payloads whose type doesn't say; null if there are no versions. */
  readonly payloadVersion: string | null;
  readonly types: ReadonlyMap<string, TypePayload>;
}

/** What is sent of an event: what its type says, else the first rule that covers it, else the whole data. */
export function payloadOf(profile: Profile, type: string): PayloadFields | null {
  const known = profile.types.get(type);
  if (known) return known.payload;
  const rule = profile.payloads.find(({ events }) => events.some((one) => matchesPattern(one, type)));
  return rule?.payload ?? null;
}

/** The version of an event's payload, as this webhook gets it. */
export function payloadVersionOf(profile: Profile, type: string, published: string | null): string | null {
  return profile.types.get(type)?.version ?? published ?? profile.payloadVersion;
}

/** What the secrets of a webhook with this profile must be: `text` stands for any. */
export function secretKindOf(profile: WireFormat): Signature['key'] {
  const kinds = profile.signatures.map(({ key }) => key);
  return kinds.find((kind) => kind !== 'text') ?? 'text';
}

/** Whether a status means that the receiver has taken it. */
export function isSuccess(profile: WireFormat, status: number): boolean {
  return profile.success === '2xx' ? status >= 200 && status < 300 : profile.success.includes(status);
}
