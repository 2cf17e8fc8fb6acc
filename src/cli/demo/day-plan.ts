import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { builtInPresets } from '../../catalog/built-in.ts';
import type { EventInput } from '../../publish/event.ts';

const DAY = new URL('../../../catalogs/demo-day.json', import.meta.url);
const MINUTE_MS = 60_000;
const FIRST_ORDER = 20_240;
export const DAY_MS = 24 * 60 * MINUTE_MS;

const answersSchema = z.strictObject({
  /** From the beginning of the day. */
  fromHour: z.number().default(0),
  /** Answered one after the other, and again from the first. */
  statuses: z.tuple([z.int()], z.int()),
  body: z.string().default(''),
});

const daySchema = z.strictObject({
  account: z.string(),
  preset: z.string(),
  channels: z.tuple(
    [z.strictObject({ id: z.string(), title: z.string() })],
    z.strictObject({ id: z.string(), title: z.string() }),
  ),
  /** The platform's own, beside those of the preset: as they would be sent to the API. */
  eventTypes: z.array(z.looseObject({ name: z.string() })),
  customers: z.tuple([z.string()], z.string()),
  orders: z.int(),
  /** What can become of an order, and how often it does. */
  journeys: z.array(
    z.strictObject({
      share: z.int(),
      events: z.array(z.strictObject({ type: z.string(), afterMinutes: z.int() })),
    }),
  ),
  webhooks: z.array(
    z.strictObject({
      /** As it would be sent to the API, but for its URL. */
      input: z.looseObject({ name: z.string() }),
      answers: z.tuple([answersSchema], answersSchema),
      pausedFromHour: z.number().optional(),
    }),
  ),
  /** Invited; whoever has a name has come. */
  people: z.array(
    z.strictObject({
      email: z.string(),
      role: z.enum(['owner', 'admin', 'viewer']),
      name: z.string().optional(),
    }),
  ),
  apiKeys: z.array(z.string()),
  /** As they would be sent to the API. */
  alertRecipients: z.array(z.looseObject({ email: z.string() })),
  /** Sent again at the end of the day: to a webhook by its name, what was published in its last hours. */
  replays: z.array(z.strictObject({ webhook: z.string(), hours: z.int() })),
});

/** A day in the life of an account, which `demo --stay` plays so that every screen has something to show. */
export type Day = z.output<typeof daySchema>;
export type DayAnswers = z.output<typeof answersSchema>;

export const DEMO_DAY: Day = daySchema.parse(JSON.parse(readFileSync(DAY, 'utf8')));

/** An event of the day, and when it happens. */
export interface PlannedEvent {
  readonly at: number;
  readonly event: EventInput;
}

/**
 * All events of a day that begins then, in the order they happen. The same for every call: a picture of it can be
 * compared with one of last week.
 */
export function planDay(day: Day, beginsAt: number): PlannedEvent[] {
  const choices = day.journeys.flatMap((journey) => Array.from({ length: journey.share }, () => journey));
  const events = Array.from({ length: day.orders }, (_, index) => {
    const orderedAt = beginsAt + shareOfDay(index / day.orders) * DAY_MS;
    const journey = choices[(index * 7) % choices.length];
    return (journey?.events ?? []).map(({ type, afterMinutes }) => ({
      at: orderedAt + afterMinutes * MINUTE_MS,
      event: eventOf(day, type, index),
    }));
  }).flat();
  return events.filter(({ at }) => at < beginsAt + DAY_MS).sort((a, b) => a.at - b.at);
}

/** More is ordered in the evening than at night: a wave over an even flow. */
function shareOfDay(evenly: number): number {
  return evenly - Math.sin(evenly * 2 * Math.PI + 1) * 0.08 + Math.sin(1) * 0.08 * (1 - evenly);
}

function eventOf(day: Day, type: string, index: number): EventInput {
  const sample = builtInPresets().get(day.preset)?.eventTypes.get(type)?.sample;
  const order = String(FIRST_ORDER + index);
  const customer = day.customers[index % day.customers.length] ?? '';
  const channel = day.channels[index % day.channels.length]?.id;
  return { type, subject: `order/${order}`, channel, data: retold(sample, order, customer) };
}

/** The sample, told of another order. */
function retold(sample: unknown, order: string, customer: string): unknown {
  const { customer: somebody, ...data } = sample as Record<string, unknown>;
  const told = { ...data, order_id: order };
  return somebody === undefined ? told : { ...told, customer: { ...(somebody as object), name: customer } };
}
