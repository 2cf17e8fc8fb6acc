import type { Database } from '../db/database.ts';
import { duePayloads, notify } from '../store/notify.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Tells this node's dispatcher, and those of other nodes, what people have changed. */
export function createChangeSink(database: Database, dispatcher: Dispatcher) {
  return {
    /** The webhook's settings. */
    webhook: async (webhookId: string): Promise<void> => {
      dispatcher.refresh(webhookId);
      await notify(database, { kind: 'webhook', webhookIds: [webhookId] });
    },
    /** Those of many webhooks, of which the other nodes have been told in the transaction that changed them. */
    told: (webhookIds: readonly string[]): void => dispatcher.refreshHeld(webhookIds),
    /** What is due for the webhook. */
    due: async (webhookId: string): Promise<void> => {
      dispatcher.wake(webhookId);
      const [payload = ''] = duePayloads([webhookId]);
      await notify(database, payload);
    },
  };
}
