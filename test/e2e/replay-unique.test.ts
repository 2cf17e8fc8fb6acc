import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const LONG_AGO = '2020-01-01T00:00:00Z';

describe.each(E2E_DATABASE_KINDS)('a replay to a webhook with unique items on %s', (kind) => {
  /** A webhook with these events, about one subject each of which has arrived. */
  async function start(...history: readonly number[]) {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const settings = { url: receiver.url, events: ['*'], unique: true, retry: { schedule: [] } };
    const { id } = (await api.post(`${ACCOUNT}/webhooks`, settings)).body;
    const webhook = `${ACCOUNT}/webhooks/${id}`;
    const list = async (query = ''): Promise<{ id: string; replayId: string | null; status: string }[]> =>
      (await api.get(`${ACCOUNT}/deliveries?limit=100${query}`)).body.data;
    const pending = () => list('&status=pending');
    const allEnded = () => eventually(async () => (await pending()).length === 0);
    const publish = async (data: number): Promise<void> => {
      await api.post(`${ACCOUNT}/events`, { type: 'order.changed', subject: 'order/1', data });
    };
    for (const data of history) {
      await publish(data);
      await allEnded();
    }
    const begin = async (more: object): Promise<string> =>
      (await api.post(`${webhook}/replay`, { from: LONG_AGO, ...more })).body.id;
    const made = async (replay: string): Promise<number> =>
      (await api.get(`${ACCOUNT}/replays/${replay}`)).body.made;
    /** Lets the replay take its steps to the end. */
    const finish = (replay: string) =>
      eventually(async () => {
        clock.advance(1_000);
        expect((await pending()).length).toBeLessThanOrEqual(1);
        return (await api.get(`${ACCOUNT}/replays/${replay}`)).body.status === 'done';
      });
    const act = (action: 'pause' | 'resume') => api.post(`${webhook}/${action}`);
    const sent = (): number[] => receiver.requests.map(({ body }) => JSON.parse(body).data);
    return { api, receiver, list, pending, allEnded, publish, begin, made, finish, act, sent };
  }

  it('ends with the newest event, in however many steps and while nothing is sent', async () => {
    const { list, pending, allEnded, begin, finish, act, sent } = await start(1, 2, 3);
    await act('pause');
    const replay = await begin({ ratePerSecond: 1 });
    await finish(replay);
    expect(await pending()).toHaveLength(1);
    const ofReplay = (await list()).filter(({ replayId }) => replayId === replay);
    expect(ofReplay.map(({ status }) => status)).toEqual(['pending', 'superseded', 'superseded']);
    await act('resume');
    await allEnded();
    expect(sent()).toEqual([1, 2, 3, 3]);
  });

  it('sends nothing after what was published since it began, whether that waits or has arrived', async () => {
    for (const arrives of [true, false]) {
      const { pending, allEnded, publish, begin, made, finish, act, sent } = await start(1, 2);
      const replay = await begin({ ratePerSecond: 1 });
      await eventually(async () => (await made(replay)) === 1);
      await allEnded();
      if (!arrives) await act('pause');
      await publish(3);
      if (arrives) await allEnded();
      await finish(replay);
      expect(await pending()).toHaveLength(arrives ? 0 : 1);
      await act('resume');
      await allEnded();
      expect(sent()).toEqual([1, 2, 1, 3]);
      expect(await made(replay)).toBe(1);
    }
  });

  it('takes the place of an older event that was sent again by hand and waits', async () => {
    const { api, receiver, list, pending, allEnded, publish, begin, finish, act, sent } = await start();
    receiver.answer(500);
    await publish(1);
    await allEnded();
    receiver.answer(200);
    await publish(2);
    await allEnded();
    await act('pause');
    const [, failed] = await list();
    expect((await api.post(`${ACCOUNT}/deliveries/${failed?.id}/retry`)).status).toBe(202);
    await finish(await begin({ status: 'delivered' }));
    expect(await pending()).toHaveLength(1);
    await act('resume');
    await allEnded();
    expect(sent()).toEqual([1, 2, 2]);
  });
});
