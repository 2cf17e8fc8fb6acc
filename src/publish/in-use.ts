import { LOCK_TIMEOUT, sqlState } from '../db/outage.ts';
import { conflict, WaybillError } from '../errors.ts';

const ANSWERS = {
  account_in_use: 'Another transaction is making this account, and has not ended. Try again shortly.',
  idempotency_key_in_use:
    'Another transaction is publishing under this idempotency key, and has not ended. Try again shortly.',
  unique_item_in_use:
    'Another transaction is publishing for the same type and subject to a webhook with unique items, and has not ended. ' +
    'Try again shortly.',
  daily_limit_in_use:
    'Others are publishing for this account, which has a daily limit, and have not ended. Try again shortly.',
} as const;

/** Runs a statement in which nothing else is waited for, and says so if that took too long. @throws WaybillError `code` */
export async function orInUse<T>(code: keyof typeof ANSWERS, statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw sqlState(error) === LOCK_TIMEOUT ? conflict(code, ANSWERS[code]) : error;
  }
}

/** Whether a transaction that stays open is in the way. */
export function isInUse(error: unknown): boolean {
  return error instanceof WaybillError && error.code in ANSWERS;
}
