import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const GUIDE = readFileSync(new URL('../../docs/guides/batches.md', import.meta.url), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
function exampleOf(kind: string): any {
  const [, text = ''] = new RegExp(`^\`\`\`json ${kind}\\n([\\s\\S]*?)\\n\`\`\`$`, 'm').exec(GUIDE) ?? [];
  return JSON.parse(text);
}

it('the guide to batches shows a webhook, what it sends, and what becomes of each event', async () => {
  const { url: _, ...settings } = exampleOf('webhook');
  const body = exampleOf('body');
  const clock = createTestClock(Date.parse(body[0].timestamp));
  const { api } = await startTestWaybill('postgres', { clock });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const made = await api.post(`${ACCOUNT}/webhooks`, { ...settings, url: receiver.url });
  expect(made.body, made.text).toMatchObject(settings);
  const [first, third] = body.map(({ data }: { data: object }) => data);
  const second = { ...first, no: 2, carrier: { slug: 'ups' } };
  const events = [first, second, third].map((data) => ({ type: body[0].type, data }));
  await api.post(`${ACCOUNT}/events`, { events });
  clock.advance(settings.batch.maxWaitMs);
  await receiver.waitFor(2);
  expect(receiver.requests.map((request) => JSON.parse(request.body))).toContainEqual(body);

  const shown = exampleOf('delivery');
  const path = `${ACCOUNT}/deliveries?status=delivered`;
  await eventually(async () => (await api.get(path)).body.data.length === 3);
  const delivery = (await api.get(path)).body.data[0];
  expect(delivery).toMatchObject({ ...shown, batchId: expect.stringMatching(/^bat_[0-9a-f]{32}$/) });
  expect(shown.batchId).toMatch(/^bat_[0-9a-f]{32}$/);
  const together = await api.get(`${ACCOUNT}/deliveries?batchId=${delivery.batchId}`);
  expect(together.body.data.map(({ batchId }: { batchId: string }) => batchId)).toEqual(
    Array.from({ length: shown.batchItems }, () => delivery.batchId),
  );
  expect((await api.get(`${ACCOUNT}/deliveries?batchId=${shown.batchId}`)).body.data).toEqual([]);
  expect((await api.get(`${ACCOUNT}/deliveries?batchId=${delivery.id}`)).body.code).toBe('invalid_id');
});
