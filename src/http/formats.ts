import { z } from 'zod';
import { EVENT_TYPE, MAX_EVENT_TYPE_LENGTH } from '../event-pattern.ts';
import type { IdPrefix } from '../ids.ts';
import { ACCOUNT_ID } from '../manage/accounts.ts';

// Strings as openapi.json describes them. Metadata checks nothing: an id in a path that can't be one is looked for
// and not found, and the parts that know the rules refuse input by them.

const WORDS = EVENT_TYPE.source.slice(1, -1);

export const accountId = z.string().meta({ pattern: ACCOUNT_ID.source });
export const eventType = z.string().meta({ pattern: EVENT_TYPE.source, maxLength: MAX_EVENT_TYPE_LENGTH });
export const eventPattern = z
  .string()
  .meta({ pattern: `^(\\*|${WORDS}(\\.\\*)?)$`, maxLength: MAX_EVENT_TYPE_LENGTH });
/** Base64 of 24 to 64 bytes. */
export const signingSecret = z.string().meta({ pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$' });
export const url = z.string().meta({ format: 'uri' });

export const presetName = z.string().meta({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' });
export const successSchema = z
  .union([z.literal('2xx'), z.array(z.int())])
  .describe('The status codes that acknowledge.');
export const presetFiltersSchema = z
  .array(
    z.object({
      name: z.string().meta({ pattern: '^[a-z][A-Za-z0-9]{0,63}$' }),
      title: z.string(),
      description: z.string().nullable(),
      field: z.string().describe('Whose value is looked at: names into the data, joined by dots.'),
      values: z
        .array(z.union([z.string(), z.number()]))
        .nullable()
        .describe('Those that can be chosen; null: any.'),
    }),
  )
  .describe('What `filters` of a webhook can choose by.');
export const failingSchema = z
  .object({
    after: z.int().describe('Deliveries given up in a row.'),
    actions: z.array(z.enum(['mark', 'alert', 'disable'])),
  })
  .describe(
    'After how many deliveries given up the webhook is marked as failing, an alert raised, or it is disabled.',
  );

/** `evt_` and 32 hexadecimal digits, and so on. */
export function wireId(prefix: IdPrefix) {
  return z.string().meta({ pattern: `^${prefix}_[0-9a-f]{32}$` });
}

/** Any JSON value. `z.unknown()` would be one as well, but one that an object may lack. */
export const anyJson = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
]);

const PATH_PARAMS: Readonly<Record<string, z.ZodType>> = {
  account: accountId,
  alert: wireId('alr'),
  attempt: wireId('att'),
  channel: z.string().meta({ minLength: 1, maxLength: 128 }),
  delivery: wireId('dlv'),
  event: wireId('evt'),
  invitation: wireId('inv'),
  eventType,
  key: wireId('key'),
  preset: presetName,
  recipient: wireId('rcp'),
  replay: wireId('rpl'),
  session: wireId('ses'),
  user: wireId('usr'),
  webhook: wireId('wh'),
};

/** What stands for `{name}` in a path. */
export function pathParam(name: string): z.ZodType {
  const schema = PATH_PARAMS[name];
  if (!schema) throw new Error(`formats.ts doesn't say what {${name}} is`);
  return schema;
}

export const failureParamsSchema = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .nullable()
  .describe(
    'The values in the reason, by name: which there are depends on the code. `why` tells apart what one code says of different things, `said` is in the words of somebody else. null: none.',
  );

export const lastFailureSchema = z
  .object({
    at: z.iso.datetime(),
    code: z.string().describe('Stable, for programs, as in attempts.'),
    reason: z.string().describe('For people.'),
    params: failureParamsSchema,
    statusCode: z.int().nullable().describe('null: there was no answer.'),
    deliveryId: wireId('dlv'),
  })
  .nullable()
  .describe('The last attempt that failed, if nothing has arrived since.');
