import { z } from 'zod';
import { EVENT_TYPE, MAX_EVENT_TYPE_LENGTH } from '../event-pattern.ts';
import { payloadSchema } from '../profile/payload-fields.ts';
import { profileSchema } from '../profile/profile.ts';
import type { Policy } from '../store/accounts.ts';

const PRESET_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FILTER_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const FIELD = /^[^.\0]+(\.[^.\0]+)*$/;
const MAX_EVENT_TYPES = 2_000;

/** What becomes of an event that breaks its schema, or whose type isn't known: nothing, a warning, a refusal. */
export const POLICIES = ['off', 'warn', 'reject'] as const satisfies readonly Policy[];

export const presetNameSchema = z.string().regex(PRESET_NAME, 'must be lower-case words joined by -');
export const payloadVersionSchema = z.string().regex(VERSION, 'must be letters, digits, ".", "_" and "-"');

const NO_UNICODE = 'contains a lone surrogate, which is not valid Unicode';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL_BUT_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const text = (max: number, control = CONTROL) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed(), NO_UNICODE)
    .refine((value) => !control.test(value), 'contains a control character');

/** It is read by people, line by line. */
const lines = (max: number) => text(max, CONTROL_BUT_LINES);

/** Data such as is published, which the database can store: see what is said of a published event. */
const sample = z
  .json()
  .refine(
    (value) => !holdsBadText(value),
    'contains a NUL character or a lone surrogate, which no event can have',
  );

function holdsBadText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, item]) => holdsBadText(name) || holdsBadText(item));
}

/** A JSON Schema (2020-12), as far as its form tells; whether it is one is judged by compiling it. */
export const jsonSchema = z.union(
  [z.boolean(), z.record(z.string(), z.json())],
  'must be a JSON Schema: an object, true or false',
);
export type JsonSchema = z.output<typeof jsonSchema>;

const payloadVersion = z.strictObject({
  /** Of the payload this version sends. */
  schema: jsonSchema.optional(),
  payload: payloadSchema.optional(),
});

/** An event type as it is written down, but for its name. */
export const eventTypeFields = {
  group: text(100).optional(),
  title: text(200).optional(),
  description: lines(2_000).optional(),
  /** Of the data, as it is published. */
  schema: jsonSchema.optional(),
  sample: sample.optional(),
  payload: payloadSchema.optional(),
  versions: z.record(payloadVersionSchema, payloadVersion).optional(),
  deprecated: z.boolean().default(false),
};

export const eventTypeFileSchema = z
  .strictObject({
    name: z
      .string()
      .max(MAX_EVENT_TYPE_LENGTH)
      .regex(EVENT_TYPE, 'must be words of letters, digits, "_" and "-" joined by dots'),
    ...eventTypeFields,
  })
  .refine(
    ({ payload, versions }) => payload === undefined || versions === undefined,
    'has a payload beside versions, which have payloads of their own',
  );

/** An event type as it is written down. */
export type EventTypeFile = z.output<typeof eventTypeFileSchema>;

/** A field of the data, by whose value a webhook can choose among events. */
const filterSchema = z.strictObject({
  name: z.string().regex(FILTER_NAME, 'must be a name such as orderStatus: letters and digits'),
  title: text(100),
  description: text(500).optional(),
  /** Into the data as it is published: names joined by dots. */
  field: text(200).regex(FIELD, 'must be names joined by dots, such as order.status'),
  /** Those it can have; absent: any. */
  values: z
    .array(z.union([text(200), z.number()], 'must be text or a number'))
    .min(1)
    .max(1_000)
    .optional(),
});

/** A preset as it is written down: a wire format, a catalog of event types, and policies. */
export const presetFileSchema = z.strictObject({
  $schema: z.string().optional(),
  name: presetNameSchema,
  title: text(100),
  description: lines(1_000),
  /** Whether webhooks have this profile where nothing says otherwise. Of those that come along, one has. */
  default: z.boolean().default(false),
  /** A profile of its own, or the name of another preset whose profile it shares. */
  profile: z.union([presetNameSchema, profileSchema], 'must be a profile, or the name of one').optional(),
  /** The version of payloads, for webhooks that don't pin one. */
  payloadVersion: payloadVersionSchema.optional(),
  policies: z
    .strictObject({
      validation: z.enum(POLICIES).default('off'),
      unknownTypes: z.enum(POLICIES).default('off'),
    })
    .prefault({}),
  /** Choices a webhook can make without writing a condition. */
  filters: z.array(filterSchema).max(50).default([]),
  /** Schemas that those of several event types refer to, as `#/$defs/NAME`. */
  $defs: z.record(z.string().regex(/^[A-Za-z0-9_]{1,100}$/), jsonSchema).default({}),
  eventTypes: z.array(eventTypeFileSchema).max(MAX_EVENT_TYPES).default([]),
});

export type PresetFilter = z.output<typeof filterSchema>;

export type PresetFile = z.output<typeof presetFileSchema>;
