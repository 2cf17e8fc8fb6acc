import { describe, expect, it } from 'vitest';
import { verify } from '../../src/verify.ts';
import { DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

describe.each(DATABASE_KINDS)('publishing on %s', (kind) => {
  it('an event reaches every webhook that wants it, signed, and no other', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    const create = async (path: string, events: string[], channels: string[] = []) =>
      (await api.post('/v1/accounts/acme/webhooks', { url: receiver.url + path, events, channels })).body;
    const orders = await create('orders', ['order.*']);
    await create('routes', ['route.started']);
    await create('north', ['*'], ['north']);
    await create('all', ['*']);

    const answer = await api.post('/v1/accounts/acme/events', {
      type: 'order.created',
      data: { id: 1 },
      channel: 'south',
    });
    expect(answer.status).toBe(202);
    expect(answer.body.deliveries).toBe(2);

    const requests = await receiver.waitFor(2);
    expect(requests.map((request) => request.path).sort()).toEqual(['/all', '/orders']);
    const toOrders = requests.find((request) => request.path === '/orders');
    await verify(toOrders?.body ?? '', toOrders?.headers ?? {}, orders.secret);
    await eventually(async () => {
      const list = await api.get('/v1/accounts/acme/deliveries?status=delivered');
      return list.body.data.length === 2;
    });
    await receiver.close();
  });

  it('the bytes of data survive: key order, decimals, integers beyond 2^53', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    await api.post('/v1/accounts/acme/webhooks', { url: receiver.url, events: ['*'] });
    const data =
      '{ "z": 1.10, "a": 9007199254740993, "1": 1e2, "s": "\\u00e9\\/ \u2028\u{1f4e6}", "n":\tnull }';
    const { body } = await api.post('/v1/accounts/acme/events', `{"type":"x","data":${data}}`);
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toContain(`"data":${data}}`);
    expect((await api.get(`/v1/accounts/acme/events/${body.id}`)).text).toContain(`"data":${data}}`);
    await receiver.close();
  });
});
