/** The values that stand in a message, by name, for whoever words it anew in another language. */
export type Params = Readonly<Record<string, string | number>>;

/** One thing wrong with one field of an input. `path` is written as the caller wrote it: `events[3].type`. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Left out: the message holds none. */
  readonly params?: Params;
}

/**
 * An expected failure with a stable code. `message` is public text that says what to change;
 * whatever must not reach a caller belongs into `cause`, which only the log sees.
 */
export class WaybillError extends Error {
  readonly code: string;
  /** The HTTP status the API answers with. */
  readonly status: number;
  readonly errors: readonly FieldError[];
  /** Undefined: the message holds none. */
  readonly params: Params | undefined;
  /** When it may be tried again; undefined: that isn't known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    status: number,
    message: string,
    details: {
      cause?: unknown;
      errors?: readonly FieldError[];
      params?: Params;
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'WaybillError';
    this.code = code;
    this.status = status;
    this.errors = details.errors ?? [];
    this.params = details.params;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Input that breaks a rule: 400, with every broken field named. */
export function invalid(errors: readonly FieldError[], code = 'validation_failed'): WaybillError {
  const shown = errors.slice(0, 3).map((error) => `${error.path || 'body'}: ${error.message}`);
  const rest = errors.length > 3 ? ` (and ${errors.length - 3} more)` : '';
  return new WaybillError(code, 400, shown.join('; ') + rest, { errors });
}

/**
 * Does a part of something larger. Fields that are refused are named by where they stand in the whole: `url` of the
 * part `webhook` is `webhook.url`.
 *
 * @throws what `work` throws
 */
export async function within<T>(part: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WaybillError) || error.status !== 400 || error.errors.length === 0) throw error;
    const named = error.errors.map((one) => ({ ...one, path: one.path ? `${part}.${one.path}` : part }));
    throw invalid(named, error.code);
  }
}

/** A thing that isn't there, or that this key may not see: the two look the same on purpose. */
export function notFound(what: string): WaybillError {
  return new WaybillError('not_found', 404, `There is no such ${what}.`, { params: { what } });
}

/** A request that doesn't fit the present state of a thing. */
export function conflict(code: string, message: string, params?: Params): WaybillError {
  return new WaybillError(code, 409, message, params && { params });
}

/** An account has published as many events as it may today, by days of UTC. */
export function dailyLimitReached(limit: number, used: number, nowMs: number): WaybillError {
  const day = new Date(nowMs);
  const endsAt = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 1);
  return new WaybillError(
    'daily_limit_reached',
    429,
    `This account may publish ${limit === 1 ? '1 event' : `${limit} events`} a day and has published ${used} today, so that this is too much. ` +
      `The day ends at ${new Date(endsAt).toISOString()}.`,
    {
      params: { limit, used, endsAt: new Date(endsAt).toISOString() },
      retryAfterSeconds: Math.ceil((endsAt - nowMs) / 1000),
    },
  );
}

/** The database can't be reached now: try again later. */
export function unavailable(cause: unknown): WaybillError {
  return new WaybillError('database_unavailable', 503, 'The database cannot be reached. Try again shortly.', {
    cause,
  });
}

/** A wrong option or environment variable: the process can't start with it. */
export function misconfigured(message: string, cause?: unknown): WaybillError {
  return new WaybillError('misconfigured', 500, message, { cause });
}

/** Something was given in the place of a transaction that isn't one. */
export function notATransaction(): WaybillError {
  return new WaybillError(
    'not_a_transaction',
    500,
    'The first of three arguments of publish must be a transaction: an object with query(text, values).',
  );
}

/** It has been stopped, and does nothing more. */
export function stopped(): WaybillError {
  return new WaybillError(
    'stopped',
    500,
    'This Waybill has been stopped. Make a new one with createWaybill().',
  );
}
