import { z } from 'zod';
import { compileTemplate, isReference, type Template } from './template.ts';

/** A pattern of event types, as webhooks have them. Which one it is, is judged by who matches. */
const pattern = z.string().min(1).max(128);
const member = z.string().min(1).max(128);

const reference = z.string().refine(isReference, 'is not a field that can be referred to');

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

const signature = z.strictObject({
  header: headerName,
  algorithm: z.enum(['hmac-sha256', 'hmac-sha512']),
  encoding: z.enum(['hex', 'base64']),
  key: z.enum(['text', 'whsec']),
  content: templateOf('body'),
  each: templateOf('signature'),
  secrets: z.enum(['first', 'all']),
  separator: z.string().max(8).default(' '),
  value: templateOf('signatures').prefault('{signatures}'),
});

const bodyField = z
  .strictObject({
    name: member,
    value: z.union([
      reference,
      z.strictObject({ count: reference.refine((name) => name !== 'event.payload', "can't be counted") }),
      z.strictObject({ const: z.json() }),
    ]),
  })
  // Written once here, not once a request.
  .transform((field) => ({ ...field, prefix: `${JSON.stringify(field.name)}:` }));

/** A wire format as it is written down: data, and no code. `docs/guides/profiles.md` tells what each part means. */
export const profileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case words joined by -'),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(1000),
  userAgent: z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]{0,199}$/, 'must be visible ASCII')
    .optional(),
  httpsOnly: z.boolean().default(false),
  body: z.union([z.literal('event.data'), z.array(bodyField).min(1).max(50)]),
  headers: z.record(headerName, templateOf()).default({}),
  signatures: z.array(signature).max(4),
  success: z.union([z.literal('2xx'), z.array(z.int().min(200).max(299)).min(1)]).default('2xx'),
  retry: z.strictObject({ schedule: z.array(z.int().min(1).max(604_800)).max(30) }).optional(),
  payloads: z
    .array(z.strictObject({ events: z.array(pattern).min(1), fields: z.array(member).min(1) }))
    .default([]),
});

/** A wire format, checked and with its templates taken apart. */
export type Profile = z.output<typeof profileSchema>;
export type Signature = Profile['signatures'][number];
export type BodyField = Exclude<Profile['body'], string>[number];

/** Whether secrets of a webhook with this profile must be `whsec_` and base64. */
export function wantsWhsec(profile: Profile): boolean {
  return profile.signatures.some((one) => one.key === 'whsec');
}

/** Whether a status means that the receiver has taken it. */
export function isSuccess(profile: Profile, status: number): boolean {
  return profile.success === '2xx' ? status >= 200 && status < 300 : profile.success.includes(status);
}
