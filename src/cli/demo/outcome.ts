import type { DeliveryView } from '../../manage/delivery-view.ts';
import type { WebhookView } from '../../manage/webhook-view.ts';
import type { Received } from './receiver.ts';
import { type DemoWebhook, WEBHOOKS } from './scenario.ts';
import type { PublishedSample } from './stage.ts';

/** What happened in the demo: as Waybill recorded it, and as the receiver saw it. */
export interface Outcome {
  readonly published: readonly PublishedSample[];
  readonly deliveries: readonly DeliveryView[];
  readonly received: readonly Received[];
  /** The webhooks as they are at the end, by name. */
  readonly webhooks: ReadonlyMap<string, WebhookView>;
}

/** One thing that should hold. */
export interface Check {
  readonly fact: string;
  /** What is wrong; none: it holds. */
  readonly faults: readonly string[];
}

/** How many deliveries there must be in all. */
export const EXPECTED_DELIVERIES = WEBHOOKS.reduce((sum, webhook) => sum + webhook.wants.length, 0);

/** The deliveries to one webhook. */
export function deliveriesTo(name: string, outcome: Outcome): DeliveryView[] {
  const id = outcome.webhooks.get(name)?.id;
  return outcome.deliveries.filter((row) => row.webhookId === id);
}

/** Holds what happened against the scenario: nothing may be missing, and nothing may be there beyond it. */
export function checkOutcome(outcome: Outcome): Check[] {
  const refused = outcome.received.filter((one) => one.refusal !== undefined);
  return [
    {
      fact: `All ${EXPECTED_DELIVERIES} deliveries went to the webhooks that wanted them, and to no others`,
      faults: WEBHOOKS.flatMap((webhook) => matchFaults(webhook, outcome)),
    },
    {
      fact: `All ${outcome.received.length} requests were signed: every signature verified`,
      faults: refused.map((one) => `${one.webhook}: ${one.type} was refused, ${one.refusal}`),
    },
    { fact: 'Every payload arrived as it was published', faults: payloadFaults(outcome) },
    ...WEBHOOKS.filter((webhook) => webhook.ends === 'gone' || webhook.attempts > 1).map((webhook) => ({
      fact: factOf(webhook),
      faults: endFaults(webhook, outcome),
    })),
    {
      fact: 'The others got theirs at the first attempt',
      faults: WEBHOOKS.filter((webhook) => webhook.ends === 'delivered' && webhook.attempts === 1).flatMap(
        (webhook) => endFaults(webhook, outcome),
      ),
    },
  ];
}

function factOf({ name, answers, attempts, ends }: DemoWebhook): string {
  if (ends === 'gone') return `${name} answered 410 Gone and was disabled`;
  return `${name} failed (${answers.slice(0, -1).join(', ')}), then recovered at attempt ${attempts}`;
}

/** Compares what a webhook should get with what is on record, and with what came in. */
function matchFaults({ name, wants }: DemoWebhook, outcome: Outcome): string[] {
  const sampleOf = (eventId: string) =>
    outcome.published.find((one) => one.eventId === eventId)?.sample ?? eventId;
  const recorded = deliveriesTo(name, outcome).map((row) => sampleOf(row.eventId));
  const arrived = outcome.received
    .filter((one) => one.webhook === name && one.attempt === 1)
    .map((one) => sampleOf(one.eventId));
  return [
    ...differences(wants, recorded).map((difference) => `${name}, on record: ${difference}`),
    ...differences(wants, arrived).map((difference) => `${name}, at the receiver: ${difference}`),
  ];
}

function differences(wanted: readonly string[], got: readonly string[]): string[] {
  const names = [...new Set([...wanted, ...got])];
  return names.flatMap((name) => {
    const [should, does] = [wanted, got].map((list) => list.filter((one) => one === name).length);
    return should === does ? [] : [`${name} is there ${does} times instead of ${should}`];
  });
}

function payloadFaults({ received, published }: Outcome): string[] {
  return received
    .filter((one) => published.find(({ eventId }) => eventId === one.eventId)?.data !== one.data)
    .map((one) => `${one.webhook}: ${one.type} came with other data`);
}

function endFaults({ name, ends, attempts }: DemoWebhook, outcome: Outcome): string[] {
  const status = ends === 'gone' ? 'failed' : 'delivered';
  const faults = deliveriesTo(name, outcome)
    .filter((row) => row.status !== status || row.attemptCount !== attempts)
    .map((row) => `${name}: ${row.eventType} is ${row.status} after ${row.attemptCount} attempts`);
  const requests = outcome.received.filter((one) => one.webhook === name).length;
  const due = deliveriesTo(name, outcome).length * attempts;
  if (requests !== due) faults.push(`${name}: got ${requests} requests instead of ${due}`);
  const webhook = outcome.webhooks.get(name);
  const state = `${webhook?.status} ${webhook?.disabledReason ?? ''}`.trim();
  const expected = ends === 'gone' ? 'disabled gone' : 'active';
  if (state !== expected) faults.push(`${name}: is ${state} instead of ${expected}`);
  return faults;
}
