import type { Logger } from 'pino';
import type { OAuthTokens } from '../auth/oauth-tokens.ts';
import type { Clock } from '../clock.ts';
import type { DispatchConfig } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Sender } from '../egress/send.ts';
import type { Keyring } from '../secrets/keyring.ts';
import type { Settlement } from '../store/settle.ts';
import type { Profiles } from './live-webhook.ts';

/** What sends what is due needs, and whom it tells. */
export interface DispatcherOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly sender: Sender;
  readonly tokens: OAuthTokens;
  readonly clock: Clock;
  readonly random: () => number;
  readonly config: DispatchConfig;
  readonly log: Logger;
  readonly nodeId: string;
  readonly profiles: Profiles;
  /** How long nothing but failures may last for a webhook that doesn't say; 0: for ever. */
  readonly disableAfterDays: number;
  /** Told of notifications that aren't about dispatching. */
  readonly onApiKeysChanged: () => void;
  /** Told of the attempts that have been written. */
  readonly onAttempted?: (settlements: readonly Settlement[]) => void;
}
