import { describe, expect, it } from 'vitest';
import type { OrderKey } from './due.ts';
import { parseNotification, publishedPayloads } from './notify.ts';

const WEBHOOK = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';

const told = (payloads: readonly string[]) => payloads.map(parseNotification);
const keysOf = (payloads: readonly string[]): (readonly OrderKey[])[] =>
  told(payloads).map((one) => (one?.kind === 'ordered' ? one.keys : []));

describe('what others are told of deliveries that were published', () => {
  it('has the keys of those that must keep their order, whatever is in them, each once', () => {
    const orderKeys = ['order/1', 'a:b,c "d"', 'å 😀\n', 'order/1'];
    const payloads = publishedPayloads(orderKeys.map((orderKey) => ({ webhookId: WEBHOOK, orderKey })));
    expect(told(payloads)).toEqual([
      {
        kind: 'ordered',
        keys: orderKeys.slice(0, 3).map((orderKey) => ({ webhookId: WEBHOOK, orderKey })),
      },
    ]);
  });

  it('has their webhook alone where there is anything besides, or too much', () => {
    const mixed = [
      { webhookId: WEBHOOK, orderKey: 'a' },
      { webhookId: WEBHOOK, orderKey: null },
    ];
    const many = Array.from({ length: 51 }, (_, index) => ({ webhookId: OTHER, orderKey: `${index}` }));
    expect(told(publishedPayloads([...mixed, ...many]))).toEqual([
      { kind: 'due', webhookIds: [WEBHOOK, OTHER] },
    ]);
  });

  it('fits into what PostgreSQL takes, however long the keys are', () => {
    const orderKeys = Array.from({ length: 50 }, (_, index) => `${index} ${'å'.repeat(500)}`);
    const payloads = publishedPayloads(orderKeys.map((orderKey) => ({ webhookId: WEBHOOK, orderKey })));
    expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
    expect(keysOf(payloads).flat()).toEqual(orderKeys.map((orderKey) => ({ webhookId: WEBHOOK, orderKey })));
  });

  it('is nothing where nobody needs to be told', () => {
    expect(publishedPayloads([])).toEqual([]);
  });
});

it.each(['', 'new:thing', 'new'])('what another version says is left alone: %j', (payload) => {
  expect(parseNotification(payload)).toBe(undefined);
});
