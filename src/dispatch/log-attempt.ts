import type { Logger } from 'pino';
import { toWireId } from '../ids.ts';
import type { Settlement } from '../store/settle.ts';

/** One line an attempt, at debug: what, where to, what came of it. No URL, header or payload: they may hold secrets. */
export function logAttempt(log: Logger, settlement: Settlement): void {
  if (!log.isLevelEnabled('debug')) return;
  log.debug(
    {
      account: settlement.accountId,
      webhook: toWireId('wh', settlement.webhookId),
      delivery: toWireId('dlv', settlement.deliveryId),
      attempt: settlement.number,
      status: settlement.status,
      statusCode: settlement.statusCode,
      failure: settlement.failureCode,
      durationMs: settlement.durationMs,
      nextAt: settlement.dueAt,
    },
    'attempt',
  );
}
