import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { ConfigOptions } from './config.ts';
import type { Lookup } from './egress/resolve.ts';

export interface WaybillOptions extends ConfigOptions {
  /** Where settings that aren't given are looked up. Default `process.env`. */
  environment?: NodeJS.ProcessEnv;
  /** A pino logger, or one that looks like it. Default: JSON lines on standard output. */
  logger?: Logger;
  /** Default: the system's. */
  clock?: Clock;
  /** Randomness of the retry jitter, 0 ≤ x < 1. Default `Math.random`. */
  random?: () => number;
  /** How names are resolved. Default: by DNS, and with an allow-list also by the hosts file and search domains. */
  lookup?: Lookup;
  /** Authorities to trust for TLS beside the usual ones, in PEM. */
  tlsCa?: string;
}
