import { randomUUID } from 'node:crypto';
import { createApp } from '../../server.ts';
import type { Waybill } from '../../waybill.ts';
import { Failure } from '../failure.ts';
import { DAY_MS, DEMO_DAY, type PlannedEvent, planDay } from './day-plan.ts';
import type { DayReceiver } from './day-receiver.ts';
import type { PastClock } from './past-clock.ts';

const HOUR_MS = 3_600_000;
const STEP_MS = 900_000;
const QUIET_MS = 60;
const day = DEMO_DAY;
const ACCOUNT = `/v1/accounts/${day.account}`;
const WEBHOOKS = `${ACCOUNT}/webhooks`;

export interface DayParts {
  readonly waybill: Waybill;
  readonly receiver: DayReceiver;
  readonly clock: PastClock;
  /** A key of the platform. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/**
 * Plays a day of an account, from when the clock stands until now: orders come in and are delivered, receivers fail and
 * are retried, people are invited. Nothing is written that Waybill didn't do.
 */
export async function playDay(parts: DayParts): Promise<void> {
  const { clock, signal } = parts;
  const beginsAt = clock.now();
  const api = apiOf(parts);
  await prepare(api);
  const webhooks = await createWebhooks(parts, api);
  const events = planDay(day, beginsAt);
  for (let at = beginsAt; at < beginsAt + DAY_MS && !signal.aborted; at += STEP_MS) {
    await publish(
      parts.waybill,
      events.filter((one) => one.at >= at && one.at < at + STEP_MS),
    );
    await untilQuiet(parts);
    clock.moveTo(at + STEP_MS);
    const passedMs = at - beginsAt;
    for (const { id, pausedAtMs } of webhooks.values()) {
      if (pausedAtMs >= passedMs && pausedAtMs < passedMs + STEP_MS)
        await api('POST', `${WEBHOOKS}/${id}/pause`);
    }
  }
  clock.catchUp();
  await endDay(api, webhooks, clock.now());
}

/** Somebody looks at what the day has left. */
async function endDay(api: Api, webhooks: ReadonlyMap<string, DayWebhook>, now: number): Promise<void> {
  const alerts = (await api('GET', `${ACCOUNT}/alerts?status=open`)).data as { id: string }[];
  const oldest = alerts.at(-1);
  if (oldest) await api('POST', `${ACCOUNT}/alerts/${oldest.id}/acknowledge`);
  const waiting = (await api('GET', `${ACCOUNT}/queue/deliveries`)).data as { id: string }[];
  const last = waiting.at(-1);
  if (last) await api('PATCH', `${ACCOUNT}/deliveries/${last.id}`, { priority: 9 });
  for (const { webhook, hours } of day.replays) {
    const from = new Date(now - hours * HOUR_MS).toISOString();
    await api('POST', `${WEBHOOKS}/${webhooks.get(webhook)?.id}/replay`, { from });
  }
}

/** Until all that is due has been sent: a request under way while the clock jumps would seem to have taken as long. */
async function untilQuiet({ waybill, receiver, signal }: DayParts): Promise<void> {
  let isDue = true;
  while (isDue && !signal.aborted) {
    await receiver.quiet(QUIET_MS);
    const { items } = (await waybill.queue.read({ account: day.account })).webhooks;
    isDue = items.some(({ status, due }) => status === 'active' && due > 0);
  }
}

/** Does through the API what people and the platform would, so that the audit log tells of it. */
function apiOf({ waybill, key }: DayParts) {
  const app = createApp(waybill);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return async (method: string, path: string, body: object = {}): Promise<Record<string, unknown>> => {
    const sent = method === 'GET' ? {} : { body: JSON.stringify(body) };
    const response = await app.request(path, { method, headers, ...sent });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Failure(`The demo could not ${method} ${path}: ${answer.detail}`);
    return answer;
  };
}

type Api = ReturnType<typeof apiOf>;

async function prepare(api: Api): Promise<void> {
  await api('PUT', ACCOUNT, { preset: day.preset });
  for (const type of day.eventTypes)
    await api('PUT', `/v1/event-types/${type.name}?preset=${day.preset}`, type);
  for (const { id, title } of day.channels) await api('PUT', `${ACCOUNT}/channels/${id}`, { title });
  for (const name of day.apiKeys) await api('POST', `${ACCOUNT}/keys`, { name });
  for (const recipient of day.alertRecipients) await api('POST', `${ACCOUNT}/alert-recipients`, recipient);
  for (const { name, ...invitation } of day.people) {
    const { url } = await api('POST', `${ACCOUNT}/invitations`, invitation);
    const token = String(url).split('token=')[1];
    if (name) await api('POST', '/v1/invitation/accept', { token, name, password: randomUUID() });
  }
}

interface DayWebhook {
  readonly id: string;
  /** When it is paused, from the beginning of the day; infinite: never. */
  readonly pausedAtMs: number;
}

/** Returns them by their names. */
async function createWebhooks({ receiver }: DayParts, api: Api): Promise<ReadonlyMap<string, DayWebhook>> {
  const webhooks = new Map<string, DayWebhook>();
  for (const { input, answers, pausedFromHour } of day.webhooks) {
    const path = `/${input.name.toLowerCase().replaceAll(' ', '-')}`;
    receiver.answers.set(path, answers);
    const { id } = await api('POST', WEBHOOKS, { ...input, url: receiver.url + path });
    const pausedAtMs = (pausedFromHour ?? Number.POSITIVE_INFINITY) * HOUR_MS;
    webhooks.set(input.name, { id: String(id), pausedAtMs });
  }
  return webhooks;
}

async function publish(waybill: Waybill, planned: readonly PlannedEvent[]): Promise<void> {
  if (planned.length === 0) return;
  const events = planned.map(({ at, event }) => ({ ...event, occurredAt: new Date(at).toISOString() }));
  await waybill.publish(day.account, events);
}
