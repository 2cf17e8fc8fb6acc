import type { PlannedDelivery } from '../publish/plan.ts';
import { OutgoingEvent } from './delivery.ts';
import type { Loader } from './loader.ts';
import type { Queues } from './queues.ts';
import type { WebhookQueue } from './webhook-queue.ts';

/**
 * Puts what was just committed into the queues of its webhooks, without reading it back. What finds no queue or
 * no room is left to the database.
 *
 * @param load asks for what the database has: of a webhook without a queue, and of what must say what comes next
 * @returns the queues that have something to do
 */
export function handOver(
  deliveries: readonly PlannedDelivery[],
  queues: Queues,
  load: Pick<Loader, 'want' | 'wantFirst'>,
): Set<WebhookQueue> {
  const events = new Map<string, OutgoingEvent>();
  const touched = new Set<WebhookQueue>();
  for (const { id, accountId, webhookId, eventId, event, orderKey, uniqueKey } of deliveries) {
    const queue = queues.get(webhookId);
    if (!queue) {
      load.want(webhookId);
      continue;
    }
    touched.add(queue);
    if (orderKey !== null) {
      // Of what must keep its order the database alone knows whether its turn has come.
      queue.announce({ id, uniqueKey });
      load.wantFirst(webhookId, orderKey);
    } else if (queue.behind) {
      // What is in the database already was published earlier: it goes first.
      queue.leave({ id, uniqueKey });
    } else {
      const outgoing = events.get(eventId) ?? new OutgoingEvent(event);
      events.set(eventId, outgoing);
      const fresh = { attempts: 0, tries: 0, round: 0, priority: null, dueAt: queues.now, batchId: null };
      queue.push({ id, accountId, event: outgoing, ...fresh, orderKey, uniqueKey });
    }
    if (queue.doubtful) load.want(webhookId);
  }
  return touched;
}
