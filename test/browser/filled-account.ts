import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import type { TestWaybill } from '../support/waybill.ts';
import { publish } from './as-somebody.ts';
import type { ScreenSubjects } from './screens.ts';

const TYPE_OF_PRESET = 'order.created';
/** With something that receivers may fail on, and something they needn't notice. */
const VERSIONS = {
  '2025': { schema: { type: 'object', properties: { id: { description: 'Of the order.' }, total: {} } } },
  '2026': { schema: { type: 'object', properties: { id: { description: 'Of the shop.' }, sum: {} } } },
};
const LARGE = { field: 'total', operator: 'greaterThan', value: 1000 };

/** An account in which something has arrived, and something has failed. */
export async function fillAccount({ api }: TestWaybill): Promise<ScreenSubjects> {
  const receiver = await startReceiver();
  receiver.answer(({ path }) => (path === '/bad' ? 500 : 200));
  await api.request('PATCH', '/v1/accounts/acme', { preset: 'shopctrl' }).catch(() => undefined);
  await api.request('PUT', `/v1/event-types/${TYPE_OF_PRESET}`, { versions: VERSIONS });
  const good = await api.post('/v1/accounts/acme/webhooks', {
    name: 'Good',
    url: receiver.url,
    events: ['*'],
    condition: { mode: 'stop', any: [LARGE, { all: [LARGE, { any: [LARGE] }] }] },
  });
  await api.post('/v1/accounts/acme/webhooks', {
    name: 'Bad',
    url: `${receiver.url}bad`,
    events: ['order.created', 'order.paid', 'order.cancelled', 'order.shipped', 'parcel.delivered'],
    retry: { schedule: [] },
  });
  await publish(api, 'acme', { channel: 'web' });
  const failed = await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries?status=failed')).body;
    expect(data).toHaveLength(1);
    return data[0];
  });
  await receiver.close();
  return {
    account: 'acme',
    webhook: good.body.id,
    delivery: failed.id,
    event: failed.eventId,
    eventType: TYPE_OF_PRESET,
  };
}
