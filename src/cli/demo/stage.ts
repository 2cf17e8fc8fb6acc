import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { loadConfig } from '../../config.ts';
import type { DeliveryView } from '../../manage/delivery-view.ts';
import type { WebhookView } from '../../manage/webhook-view.ts';
import { createWaybill, type Waybill } from '../../waybill.ts';
import type { Receiver } from './receiver.ts';
import { ACCOUNT, type DemoWebhook, SAMPLES, WEBHOOKS } from './scenario.ts';

const POLL_MS = 100;

/** A sample that has been published. */
export interface PublishedSample {
  readonly sample: string;
  readonly eventId: string;
  readonly data: string;
}

/**
 * Starts a Waybill of its own in `dataDir`, which may call this machine. Of the environment it heeds nothing
 * but where to listen: a demo must never touch a real database.
 */
export async function startWaybill(dataDir: string, clock?: Clock): Promise<Waybill> {
  const { WAYBILL_HOST, WAYBILL_PORT } = process.env;
  const environment = { WAYBILL_HOST, WAYBILL_PORT };
  const { host, port } = loadConfig({}, environment);
  const waybill = await createWaybill({
    environment,
    dataDir,
    ...(clock && { clock }),
    port: (await isFree(host, port)) ? port : 0,
    allowHttp: true,
    egressAllow: ['127.0.0.0/8'],
    logLevel: 'silent',
  });
  await waybill.start();
  return waybill;
}

/** Makes the demo's webhooks, each with an inbox of the receiver behind it. */
export async function createWebhooks(
  waybill: Waybill,
  receiver: Receiver,
): Promise<Map<string, WebhookView>> {
  const created = new Map<string, WebhookView>();
  for (const webhook of WEBHOOKS) {
    const path = `/${webhook.name.toLowerCase().replaceAll(' ', '-')}`;
    const { secret, ...view } = await waybill.webhooks.create(ACCOUNT, inputOf(webhook, receiver.url + path));
    receiver.inboxes.set(path, { webhook: webhook.name, secret, answers: webhook.answers });
    created.set(webhook.name, view);
  }
  return created;
}

function inputOf({ name, events, channels = [], retrySchedule }: DemoWebhook, url: string) {
  const retry = retrySchedule && { schedule: [...retrySchedule] };
  return { name, url, events: [...events], channels: [...channels], retry };
}

/** Publishes the samples, one after the other, as they would happen. */
export async function publishSamples(waybill: Waybill): Promise<PublishedSample[]> {
  const published: PublishedSample[] = [];
  for (const { sample, event } of SAMPLES) {
    const { id } = await waybill.publish(ACCOUNT, event);
    published.push({ sample, eventId: id, data: JSON.stringify(event.data) });
  }
  return published;
}

/** Waits until `count` deliveries have ended, or the signal comes. Returns those there are. */
export async function untilSettled(
  waybill: Waybill,
  count: number,
  signal: AbortSignal,
): Promise<readonly DeliveryView[]> {
  for (;;) {
    const { items } = await waybill.deliveries.list(ACCOUNT, {}, { limit: 200 });
    const settled = items.filter((delivery) => delivery.status !== 'pending').length;
    if (signal.aborted || (settled === items.length && settled >= count)) return items;
    await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether the port can be listened on, so that the demo needn't fail because a server runs already. */
function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
