/** Events that go to a webhook in one request. */
export interface BatchOptions {
  readonly maxItems: number;
  /** How long the first event waits for others. */
  readonly maxWaitMs: number;
  /** A path into the data, as it is written: events of one batch have one value there. null: any values. */
  readonly by: string | null;
}

/** What a webhook can be told beside where to send what. Each is a column of its own. */
export interface WebhookOptions {
  /** As `parseCondition` has accepted it; null: every event of its types and channels. */
  readonly condition: unknown;
  /** What of the data must be among which values, by the name its preset gives the filter; none: every event. */
  readonly filters: Readonly<
    Record<string, { readonly field: string; readonly values: readonly (string | number)[] }>
  >;
  /** What its bodies are made of; null: as its profile says. */
  readonly payload: { readonly mimeType: string; readonly template: string } | null;
  /** Whether a newer event takes the place of one that waits, for the same type and subject. */
  readonly unique: boolean;
  readonly ordering: 'none' | 'subject';
  /** 9 goes first, 0 last. */
  readonly priority: number;
  /** Requests a second; null: as many as the receiver takes well. */
  readonly ratePerSecond: number | null;
  /** Requests at once; null: as many as the receiver takes well. */
  readonly maxInFlight: number | null;
  /** null: each event goes alone. */
  readonly batch: BatchOptions | null;
  /** Authorities to trust beside the usual ones, in PEM. */
  readonly tlsCa: string | null;
  /** How long nothing but failures may last before it is disabled; 0: for ever; null: as the instance says. */
  readonly disableAfterDays: number | null;
}

export const OPTION_COLUMNS = `w.condition, w.filters, w.payload, w.is_unique as "unique", w.ordering, w.priority,
  w.rate_per_second as "ratePerSecond", w.max_in_flight as "maxInFlight",
  case when w.batch_max_items is not null then json_build_object(
    'maxItems', w.batch_max_items, 'maxWaitMs', w.batch_max_wait_ms, 'by', w.batch_by
  ) end as batch,
  w.tls_ca as "tlsCa", w.disable_after_days as "disableAfterDays"`;

/** They travel as one parameter: a row of these columns, in their order. */
export const OPTION_NAMES =
  'condition, filters, payload, is_unique, ordering, priority, rate_per_second, max_in_flight, batch_max_items, ' +
  'batch_max_wait_ms, batch_by, tls_ca, disable_after_days';

/** SQL that reads the parameter as a table of one row, named `o`. */
export function optionsFrom(parameter: string): string {
  return `json_to_record(${parameter}::json) as o (
    condition json, filters json, payload json, is_unique boolean, ordering text, priority smallint,
    rate_per_second double precision, max_in_flight smallint, batch_max_items smallint, batch_max_wait_ms integer,
    batch_by text, tls_ca text, disable_after_days double precision
  )`;
}

export function optionsValue(options: WebhookOptions): string {
  return JSON.stringify({
    condition: options.condition,
    filters: options.filters,
    payload: options.payload,
    is_unique: options.unique,
    ordering: options.ordering,
    priority: options.priority,
    rate_per_second: options.ratePerSecond,
    max_in_flight: options.maxInFlight,
    batch_max_items: options.batch?.maxItems ?? null,
    batch_max_wait_ms: options.batch?.maxWaitMs ?? null,
    batch_by: options.batch?.by ?? null,
    tls_ca: options.tlsCa,
    disable_after_days: options.disableAfterDays,
  });
}
