import { notFound } from '../errors.ts';
import { newId, toWireId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { findAccount } from '../store/accounts.ts';
import { insertDelivery } from '../store/deliveries.ts';
import { insertTestEvent } from '../store/events.ts';
import { lockWebhook } from '../store/webhooks.ts';
import { testEvent } from './test-event.ts';
import { testSchema } from './webhook-input.ts';
import { webhookDisabled } from './webhook-limits.ts';
import type { WebhooksOptions } from './webhooks.ts';

/**
 * Makes a test event and a delivery of it to one webhook, whatever events that wants.
 *
 * @param id the webhook's UUID
 * @throws WaybillError `not_found`, `webhook_disabled` (409), `validation_failed` for what can't be an event type
 */
export async function sendTest(
  { database, catalogs, clock, changes, audit }: WebhooksOptions,
  accountId: string,
  id: string,
  input: { eventType?: string },
): Promise<{ id: string; deliveryId: string }> {
  const { eventType } = parseInput(testSchema, input);
  await catalogs.refreshIfOld(database);
  const preset = (await findAccount(database, accountId))?.preset ?? null;
  const now = new Date(clock.now()).toISOString();
  const deliveryId = newId();
  const eventId = await database.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, accountId, id);
    if (!webhook) throw notFound('webhook');
    if (webhook.status === 'disabled') throw webhookDisabled();
    const event = testEvent(catalogs, preset, webhook, eventType, now);
    await insertTestEvent(tx, event, now);
    const delivery = { id: deliveryId, accountId, webhookId: id };
    await insertDelivery(tx, delivery, event.id, now, webhook.batch !== null);
    const target = toWireId('wh', id);
    await audit.record(tx, {
      account: accountId,
      action: 'webhook.tested',
      target,
      after: { name: webhook.name, eventType: event.type },
    });
    return event.id;
  });
  await changes.due(id);
  return { id: toWireId('evt', eventId), deliveryId: toWireId('dlv', deliveryId) };
}
