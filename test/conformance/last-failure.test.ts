import { describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const WEBHOOKS = '/v1/accounts/acme/webhooks';
const EVENTS = '/v1/accounts/acme/events';

describe.each(DATABASE_KINDS)('why a webhook fails, on %s,', (kind) => {
  it('is told of one that fails or was disabled for it, until something arrives', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    let status = 503;
    receiver.answer(({ path }) => (path === '/gone' ? 410 : path === '/fine' ? 200 : status));
    const retry = { schedule: [86_400] };
    const create = async (path: string, more: object = {}): Promise<string> => {
      const settings = { url: `${receiver.url}${path}`, events: ['order.created'], retry, ...more };
      const { body, text } = await api.post(WEBHOOKS, settings);
      expect(body.lastFailure, text).toBeNull();
      return body.id;
    };
    const failing = await create('failing');
    const gone = await create('gone');
    const fine = await create('fine');
    const stopped = await create('failing', { status: 'paused' });
    const publish = async (count: number): Promise<string[]> => {
      const events = Array.from({ length: count }, () => ({ type: 'order.created', data: {} }));
      const { body } = await api.post(EVENTS, { events });
      return body.events.map(({ id }: { id: string }) => id);
    };
    const read = async () => {
      const { data } = (await api.get(WEBHOOKS)).body;
      return new Map<string, { lastFailure: { deliveryId: string } | null; status: string }>(
        data.map((one: { id: string }) => [one.id, one]),
      );
    };

    const [first] = await publish(1);
    const listed = await eventually(async () => {
      const all = await read();
      return all.get(failing)?.lastFailure && all.get(gone)?.status === 'disabled' ? all : undefined;
    });
    expect(listed.get(failing)?.lastFailure).toMatchObject({ code: 'http_503', statusCode: 503 });
    expect(listed.get(gone)?.lastFailure).toMatchObject({ code: 'gone', statusCode: 410 });
    expect(listed.get(fine)?.lastFailure).toBeNull();
    expect(listed.get(stopped)?.lastFailure).toBeNull();
    const deliveryId = listed.get(failing)?.lastFailure?.deliveryId;
    const delivery = (await api.get(`/v1/accounts/acme/deliveries/${deliveryId}`)).body;
    expect(delivery).toMatchObject({ eventId: first, webhookId: failing });
    expect((await api.get(`${WEBHOOKS}/${failing}`)).body.lastFailure).toMatchObject({
      at: delivery.attempts[0].startedAt,
      reason: delivery.attempts[0].failureReason,
    });

    // Behind what was never tried it is found as well.
    await api.post(`${WEBHOOKS}/${failing}/pause`);
    const paused = (await read()).get(failing);
    expect(paused?.lastFailure).not.toBeNull();
    await publish(150);
    expect((await read()).get(failing)?.lastFailure).toEqual(paused?.lastFailure);

    // Once something arrives it is over.
    status = 200;
    await api.post(`${WEBHOOKS}/${failing}/resume`);
    await eventually(async () => (await read()).get(failing)?.lastFailure === null);
    await receiver.close();
  });
});
