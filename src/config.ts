import { resolve } from 'node:path';
import { type Branding, parseBranding } from './branding.ts';
import { type EgressPolicy, parseAddressRanges } from './egress/address.ts';
import { misconfigured } from './errors.ts';
import { type MailConfig, parseMail } from './mail-config.ts';

export type { Branding };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What Waybill runs with. Made once, never changed. */
export interface Config {
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** The platform's first key, if it was given. */
  readonly apiKey: string | undefined;
  /** Base64 of 32 bytes; several separated by commas. Undefined: kept in the data directory. */
  readonly encryptionKey: string | undefined;
  readonly egress: EgressPolicy;
  readonly logLevel: LogLevel;
  /** The system this instance is: a preset's name, or a file with one. */
  readonly preset: string | undefined;
  /** Where people reach the dashboard: `https://hooks.example.com`. Undefined: where it listens. */
  readonly publicUrl: string | undefined;
  /** Whether the last address of `X-Forwarded-For` is the client's, as a proxy of our own has added it. */
  readonly trustProxy: boolean;
  /** Origins whose pages may hold the portal in a frame. */
  readonly frameOrigins: readonly string[];
  readonly branding: Branding;
  /** Undefined: nothing is mailed. */
  readonly mail: MailConfig | undefined;
  /** How many days of nothing but failures disable a webhook that doesn't say; 0: none do. */
  readonly disableAfterDays: number;
  readonly limits: Limits;
  readonly dispatch: DispatchConfig;
}

/** Bounds of what may be published. */
export type Limits = {
  /** One event's data, in bytes of UTF-8. */
  readonly maxPayloadBytes: number;
  readonly maxEventsPerBatch: number;
  /** A whole request, in bytes. */
  readonly maxRequestBytes: number;
  /** Each event makes a delivery for each webhook that wants it. */
  readonly maxWebhooksPerAccount: number;
};

export type DispatchConfig = {
  /** How long a lane belongs to a node that has fallen silent. */
  readonly leaseMs: number;
  /** How often the database is asked for what no notification told of. */
  readonly pollIntervalMs: number;
  /** How long a stopping node waits for its requests under way before it gives them back. */
  readonly stopGraceMs: number;
  readonly connectTimeoutMs: number;
  /** Most requests at once to one webhook. */
  readonly maxConcurrencyPerWebhook: number;
  /** So many requests in a row that nobody answers rest a webhook, at first for so long. */
  readonly breakerFailures: number;
  readonly breakerHoldMs: number;
  /** Most requests at once of this node. */
  readonly maxInFlight: number;
  /** Most deliveries, and bytes of their data, held in memory for one webhook. */
  readonly maxQueuedPerWebhook: number;
  readonly maxQueuedBytesPerWebhook: number;
  /** Bytes of data held in memory for all webhooks together. */
  readonly maxQueuedBytes: number;
};

/** The settings a program may give to `createWaybill`; each wins over its environment variable. */
export interface ConfigOptions {
  /** `DATABASE_URL`. */
  databaseUrl?: string;
  /** `WAYBILL_DATA_DIR`, where the embedded database keeps its files. Default `./.waybill`. */
  dataDir?: string;
  /** `WAYBILL_HOST`. Default `127.0.0.1`. */
  host?: string;
  /** `WAYBILL_PORT`. Default 4400; 0 takes any free one. */
  port?: number;
  /** `WAYBILL_API_KEY`, at least 16 characters. */
  apiKey?: string;
  /** `WAYBILL_ENCRYPTION_KEY`, 32 bytes in base64. */
  encryptionKey?: string;
  /** `WAYBILL_ALLOW_HTTP`: whether `http:` URLs are taken too. */
  allowHttp?: boolean;
  /** `WAYBILL_EGRESS_ALLOW`: CIDRs that may be reached although they aren't public, e.g. `127.0.0.0/8`. */
  egressAllow?: readonly string[];
  /** `WAYBILL_LOG_LEVEL`. Default `info`. */
  logLevel?: LogLevel;
  /** `WAYBILL_PRESET`: the name of a preset, or a file or folder (a path with a / or ending in .json) to import it from. */
  preset?: string;
  /** `WAYBILL_PUBLIC_URL`: where people reach the dashboard, if that is through a proxy. */
  publicUrl?: string;
  /** `WAYBILL_TRUST_PROXY`: whether a proxy of yours adds the client's address to `X-Forwarded-For`. Default false. */
  trustProxy?: boolean;
  /** `WAYBILL_FRAME_ORIGINS`: origins whose pages may hold the portal in a frame. Default none. */
  frameOrigins?: readonly string[];
  /** `WAYBILL_BRAND_NAME`, `WAYBILL_BRAND_LOGO_URL`, `WAYBILL_BRAND_COLOR`. */
  branding?: Partial<Branding>;
  /** `WAYBILL_SMTP_URL` and `WAYBILL_MAIL_FROM`: with both, alerts are mailed to whoever wants to know. */
  mail?: Partial<MailConfig>;
  /**
   * `WAYBILL_DISABLE_AFTER_DAYS`: how many days of nothing but failures disable a webhook, unless it says otherwise.
   * Default 5; 0 or null: none do.
   */
  disableAfterDays?: number | null;
  limits?: Partial<Limits>;
  dispatch?: Partial<DispatchConfig>;
}

const DEFAULT_DISABLE_AFTER_DAYS = '5';

const DEFAULT_LIMITS: Limits = {
  maxPayloadBytes: 1024 * 1024,
  maxEventsPerBatch: 1000,
  maxRequestBytes: 32 * 1024 * 1024,
  maxWebhooksPerAccount: 200,
};

const DEFAULT_DISPATCH: DispatchConfig = {
  leaseMs: 10_000,
  pollIntervalMs: 5_000,
  stopGraceMs: 10_000,
  connectTimeoutMs: 5_000,
  maxConcurrencyPerWebhook: 32,
  breakerFailures: 20,
  breakerHoldMs: 5_000,
  maxInFlight: 2_000,
  maxQueuedPerWebhook: 1_000,
  maxQueuedBytesPerWebhook: 8 * 1024 * 1024,
  maxQueuedBytes: 256 * 1024 * 1024,
};

// A timer that is set for longer fires at once, and the database counts the milliseconds of a lease in 32 bits.
const LONGEST_MS = 2 ** 31 - 1;
// The database is told how many bytes to read at once: these and 64 MiB, in 32 bits.
const MOST_BYTES_PER_WEBHOOK = 1024 ** 3;

/** The least and the most of each, where it isn't one and as many as can be counted. */
const DISPATCH_BOUNDS: { readonly [name in keyof DispatchConfig]?: readonly [number, number] } = {
  // Shorter than it takes the database to answer, it would be lost as soon as it was had.
  leaseMs: [100, LONGEST_MS],
  pollIntervalMs: [1, LONGEST_MS],
  stopGraceMs: [0, LONGEST_MS],
  connectTimeoutMs: [1, LONGEST_MS],
  breakerHoldMs: [1, LONGEST_MS],
  maxQueuedBytesPerWebhook: [1, MOST_BYTES_PER_WEBHOOK],
};

/**
 * @param environment usually `process.env`; an empty variable counts as absent
 * @throws WaybillError `misconfigured`, naming the variable and what it should be
 */
export function loadConfig(options: ConfigOptions, environment: NodeJS.ProcessEnv): Config {
  const env = (name: string): string | undefined => environment[name] || undefined;
  return Object.freeze({
    databaseUrl: checkDatabaseUrl(options.databaseUrl ?? env('DATABASE_URL')),
    dataDir: resolve(options.dataDir ?? env('WAYBILL_DATA_DIR') ?? '.waybill'),
    host: options.host ?? env('WAYBILL_HOST') ?? '127.0.0.1',
    port: parsePort(options.port === undefined ? env('WAYBILL_PORT') : String(options.port)),
    apiKey: checkApiKey(options.apiKey ?? env('WAYBILL_API_KEY')),
    encryptionKey: options.encryptionKey ?? env('WAYBILL_ENCRYPTION_KEY'),
    egress: {
      allowHttp: options.allowHttp ?? parseFlag('WAYBILL_ALLOW_HTTP', env('WAYBILL_ALLOW_HTTP')),
      allow: parseAddressRanges((options.egressAllow ?? [env('WAYBILL_EGRESS_ALLOW') ?? '']).join(',')),
    },
    logLevel: parseLogLevel(options.logLevel ?? env('WAYBILL_LOG_LEVEL')),
    preset: options.preset ?? env('WAYBILL_PRESET'),
    publicUrl: parsePublicUrl(options.publicUrl ?? env('WAYBILL_PUBLIC_URL')),
    trustProxy: options.trustProxy ?? parseFlag('WAYBILL_TRUST_PROXY', env('WAYBILL_TRUST_PROXY')),
    frameOrigins: parseOrigins(options.frameOrigins ?? env('WAYBILL_FRAME_ORIGINS')?.split(',') ?? []),
    branding: parseBranding({
      name: options.branding?.name ?? env('WAYBILL_BRAND_NAME') ?? null,
      logoUrl: options.branding?.logoUrl ?? env('WAYBILL_BRAND_LOGO_URL') ?? null,
      color: options.branding?.color ?? env('WAYBILL_BRAND_COLOR') ?? null,
    }),
    mail: parseMail(
      options.mail?.smtpUrl ?? env('WAYBILL_SMTP_URL'),
      options.mail?.from ?? env('WAYBILL_MAIL_FROM'),
    ),
    disableAfterDays: parseDays(options.disableAfterDays, env('WAYBILL_DISABLE_AFTER_DAYS')),
    limits: withDefaults('limits', DEFAULT_LIMITS, () => [0, Number.MAX_SAFE_INTEGER], options.limits),
    dispatch: withDefaults(
      'dispatch',
      DEFAULT_DISPATCH,
      (name) => DISPATCH_BOUNDS[name] ?? [1, Number.MAX_SAFE_INTEGER],
      options.dispatch,
    ),
  });
}

/**
 * Takes what is given, and the default for what isn't.
 *
 * @param boundsOf the least and the most an option may be
 * @throws WaybillError `misconfigured`
 */
function withDefaults<T extends { readonly [key: string]: number }>(
  group: string,
  defaults: T,
  boundsOf: (name: keyof T) => readonly [number, number],
  given: { readonly [key: string]: number | undefined } = {},
): T {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (!Object.hasOwn(defaults, name)) throw misconfigured(`${group}.${name} is not an option.`);
    const [least, most] = boundsOf(name);
    if (Number.isSafeInteger(value) && least <= Number(value) && Number(value) <= most) continue;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw misconfigured(`${group}.${name} must be a whole number ${range}, not ${String(value)}.`);
  }
  return { ...defaults, ...Object.fromEntries(entries) };
}

function checkDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text;
  // The value may hold a password: it isn't repeated.
  throw misconfigured('DATABASE_URL must begin with postgres:// or postgresql://.');
}

function checkApiKey(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x7e]{16,200}$/.test(text)) return text;
  throw misconfigured('WAYBILL_API_KEY must be 16 to 200 visible ASCII characters without spaces.');
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 4400;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
  throw misconfigured(`WAYBILL_PORT must be a port number from 0 to 65535, not "${text}".`);
}

function parseDays(given: number | null | undefined, variable: string | undefined): number {
  const text = given === undefined ? (variable ?? DEFAULT_DISABLE_AFTER_DAYS) : String(given ?? 0);
  const days = Number(text);
  if (/^\d{1,3}(\.\d{1,9})?$/.test(text) && days <= 365) return days;
  throw misconfigured(
    `WAYBILL_DISABLE_AFTER_DAYS must be a number of days from 0 (never) to 365, not "${text}".`,
  );
}

function parseFlag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw misconfigured(`${name} must be 1 or 0, not "${text}".`);
}

function parseLogLevel(text: string | undefined): LogLevel {
  if (text === undefined) return 'info';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  throw misconfigured(`WAYBILL_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${text}".`);
}

function parsePublicUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.href === `${url.origin}/`)
    return url.origin;
  throw misconfigured(
    `WAYBILL_PUBLIC_URL must be an origin such as https://hooks.example.com, without a path, not "${text}".`,
  );
}

/** What is no origin could end the directive of the Content-Security-Policy it goes into, and begin another. */
function parseOrigins(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const url = URL.parse(text);
      if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
      throw misconfigured(
        `WAYBILL_FRAME_ORIGINS must be origins such as https://shop.example.com, separated by commas, not "${text}".`,
      );
    });
}
