import { z } from 'zod';
import type { ChosenFilters } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import { parseCondition } from '../condition/parse.ts';
import { invalid } from '../errors.ts';
import { checkPayload, MIME_TYPES, type PayloadTemplate } from '../payload/payload.ts';
import { dottedPath } from '../profile/path-in-data.ts';
import type { BatchOptions, WebhookOptions } from '../store/webhook-options.ts';
import { filtersSchema, givenFilters } from './filter-rules.ts';
import { perSecondSchema } from './rate.ts';

const batchPath = z
  .string()
  .refine((text) => dottedPath.safeParse(text).success && text.isWellFormed() && !text.includes('\0'), {
    message: 'must be names of members joined by dots, such as shipment.carrier, 256 characters at most',
    params: { rule: 'path_in_data' },
  });

/** What a webhook may be told beside where to send what, as the API has it. */
export const optionFields = {
  condition: z
    .unknown()
    .transform((value, context): Condition => {
      const parsed = parseCondition(value, '');
      if ('condition' in parsed) return parsed.condition;
      for (const { path, code, message, params } of parsed.errors) {
        const names = path === '' ? [] : path.split('.');
        context.addIssue({ code: 'custom', message, path: names, params: { code, ...params } });
      }
      return z.NEVER;
    })
    .nullable(),
  filters: filtersSchema,
  payload: z
    .strictObject({ mimeType: z.enum(MIME_TYPES), template: z.string() })
    // No template is the default payload, as if there were none of the two.
    .transform((payload) => (payload.template.trim() === '' ? null : payload))
    .superRefine((payload, context) => {
      if (payload === null) return;
      if (payload.template.includes('\0') || !payload.template.isWellFormed()) {
        const message = 'contains a NUL character or half a character, which nothing can be made of';
        context.addIssue({ code: 'custom', message, path: ['template'], params: { code: 'malformed_text' } });
        return;
      }
      for (const { code, message, line, column, params: said } of checkPayload(payload)) {
        const where = line === null ? '' : ` (line ${line}, column ${column})`;
        const params = { ...said, code, message, ...(line !== null && { line, column }) };
        context.addIssue({ code: 'custom', message: `${message}${where}`, path: ['template'], params });
      }
    })
    .nullable(),
  unique: z.boolean(),
  priority: z.int().min(0).max(9),
  ordering: z.enum(['none', 'subject']),
  rateLimit: z
    .strictObject({
      perSecond: perSecondSchema.optional(),
      inFlight: z.int().min(1).max(1_000).optional(),
    })
    .refine(({ perSecond, inFlight }) => perSecond !== undefined || inFlight !== undefined, {
      message: 'limits nothing',
      params: { rule: 'limits_nothing' },
    })
    .nullable(),
  batch: z
    .strictObject({
      maxItems: z.int().min(1).max(1_000),
      maxWaitMs: z.int().min(0).max(86_400_000),
      by: batchPath.optional(),
    })
    .nullable(),
  disableAfterDays: z.number().min(0).max(365).nullable(),
};

const optionsSchema = z.strictObject(optionFields).partial();
type GivenOptions = Omit<z.output<typeof optionsSchema>, 'filters'> & {
  readonly filters?: ChosenFilters | undefined;
  readonly tlsCa?: string | null | undefined;
};

/** As they are shown, and may be given back. */
export interface WebhookOptionsView {
  /** Which events it gets, of its types and channels; null: all. */
  condition: Condition | null;
  /** Values by the name of a filter of its preset, one of which an event must have; none: every event. */
  filters: Record<string, (string | number)[]>;
  /** What its bodies are made of; null: as its profile says. */
  payload: PayloadTemplate | null;
  /** Whether a newer event takes the place of one that waits, for the same type and subject. */
  unique: boolean;
  /** 9 goes first, 0 last. */
  priority: number;
  /** `subject`: deliveries of one subject go one after the other. */
  ordering: 'none' | 'subject';
  /** Requests a second, and at once; null: as many as the receiver takes well. */
  rateLimit: { perSecond?: number; inFlight?: number } | null;
  /** How many events go in one request at most, and how long the first waits for others; null: each goes alone. */
  batch: { maxItems: number; maxWaitMs: number; by?: string } | null;
  /** How long nothing but failures may last before it is disabled; 0: for ever; null: as the instance says. */
  disableAfterDays: number | null;
}

const DEFAULTS: WebhookOptions = {
  condition: null,
  filters: {},
  payload: null,
  unique: false,
  ordering: 'none',
  priority: 5,
  ratePerSecond: null,
  maxInFlight: null,
  batch: null,
  tlsCa: null,
  disableAfterDays: null,
};

/**
 * @param before what holds where nothing is given
 * @throws WaybillError `validation_failed` for a template whose bodies can't be put together
 */
export function changedOptions(given: GivenOptions, before: WebhookOptions = DEFAULTS): WebhookOptions {
  const { rateLimit } = given;
  const changed: WebhookOptions = {
    condition: given.condition === undefined ? before.condition : given.condition,
    filters: given.filters ?? before.filters,
    payload: given.payload === undefined ? before.payload : given.payload,
    unique: given.unique ?? before.unique,
    ordering: given.ordering ?? before.ordering,
    priority: given.priority ?? before.priority,
    ratePerSecond: rateLimit === undefined ? before.ratePerSecond : (rateLimit?.perSecond ?? null),
    maxInFlight: rateLimit === undefined ? before.maxInFlight : (rateLimit?.inFlight ?? null),
    batch: given.batch === undefined ? before.batch : given.batch && batchOf(given.batch),
    tlsCa: given.tlsCa === undefined ? before.tlsCa : given.tlsCa,
    disableAfterDays: given.disableAfterDays === undefined ? before.disableAfterDays : given.disableAfterDays,
  };
  checkBatch(changed);
  return changed;
}

function batchOf({ maxItems, maxWaitMs, by }: NonNullable<GivenOptions['batch']>): BatchOptions {
  return { maxItems, maxWaitMs, by: by ?? null };
}

/** JSON goes into an array. Of XML and text nobody but its receiver knows what would keep one body from the next. */
function checkBatch({ batch, payload }: WebhookOptions): void {
  if (batch === null || payload === null || payload.mimeType === 'application/json') return;
  const message = `can't be had with a payload of ${payload.mimeType}: only JSON can be put into one body`;
  throw invalid([{ path: 'batch', code: 'not_allowed', message }]);
}

export function optionsView(options: WebhookOptions): WebhookOptionsView {
  const { unique, priority, ordering, ratePerSecond, maxInFlight, batch, disableAfterDays } = options;
  const limits = {
    ...(ratePerSecond === null ? {} : { perSecond: ratePerSecond }),
    ...(maxInFlight === null ? {} : { inFlight: maxInFlight }),
  };
  return {
    condition: options.condition as Condition | null,
    filters: givenFilters(options.filters),
    payload: options.payload as PayloadTemplate | null,
    unique,
    priority,
    ordering,
    rateLimit: Object.keys(limits).length > 0 ? limits : null,
    batch: batch && batchView(batch),
    disableAfterDays,
  };
}

function batchView({ maxItems, maxWaitMs, by }: BatchOptions): WebhookOptionsView['batch'] {
  return { maxItems, maxWaitMs, ...(by === null ? {} : { by }) };
}
