import { setTimeout } from 'node:timers/promises';
import { isOutage } from '../db/outage.ts';
import { databaseName } from './database-name.ts';
import { codeOf } from './failure.ts';

const RETRY_MS = 1_000;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no host of this name',
  EAI_AGAIN: 'the name service does not answer',
  '57P03': 'it is starting up',
  '53300': 'it has no connection left',
};

export interface Patience {
  /** Undefined: the embedded database, for which waiting never helps. */
  readonly databaseUrl: string | undefined;
  readonly signal: AbortSignal;
  /** Told once of each reason to wait, and when the waiting is over. */
  readonly say: (line: string) => void;
}

/**
 * Does `work`, again and again while the database can't be reached: what is started together, as containers
 * are, needn't be started in order.
 *
 * @returns what `work` returned; undefined if the signal came first
 * @throws what `work` throws when it isn't an outage
 */
export async function whenReachable<T>(work: () => Promise<T>, patience: Patience): Promise<T | undefined> {
  const { databaseUrl, signal, say } = patience;
  let waitedFor = '';
  while (!signal.aborted) {
    try {
      const result = await work();
      if (waitedFor) say('The database is there.');
      return result;
    } catch (error) {
      if (databaseUrl === undefined || !isOutage(error)) throw error;
      const reason = reasonOf(error);
      if (reason !== waitedFor) say(waitingFor(databaseUrl, reason));
      waitedFor = reason;
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

function waitingFor(databaseUrl: string, reason: string): string {
  return `Waiting for the database ${databaseName(databaseUrl)} (${reason}); trying again every second.`;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return REASONS[code] ?? (code || (error instanceof Error ? error.message : 'unreachable'));
}
