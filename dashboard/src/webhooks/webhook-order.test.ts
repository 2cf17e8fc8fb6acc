import { expect, it } from 'vitest';
import { inOrder, needsSomebody } from './webhook-order.ts';

const lastFailure = {
  at: '2026-03-14T09:00:00.000Z',
  code: 'connection_refused',
  reason: 'connection refused',
  params: null,
  statusCode: null,
  deliveryId: 'dlv_1',
};
const url = 'https://shop.example/';
const fine = { url, status: 'active', health: 'healthy', disabledReason: null, lastFailure: null } as const;

/** One that goes by its id unless it is named. */
function webhook(id: string, state: Partial<Parameters<typeof inOrder>[0][number]> = {}) {
  return { ...fine, id, name: id, ...state };
}

function idsInOrder(webhooks: readonly ReturnType<typeof webhook>[], language = 'en'): string[] {
  return inOrder(webhooks, language).map(({ id }) => id);
}

it('webhooks that need somebody come first, the ones that fail before those that are disabled for it', () => {
  const webhooks = [
    webhook('a fine'),
    webhook('b refused once', { lastFailure }),
    webhook('c disabled', { status: 'disabled', disabledReason: 'only_failures', health: 'failing' }),
    webhook('d gone', { status: 'disabled', disabledReason: 'gone' }),
    webhook('e failing', { health: 'failing', lastFailure }),
  ];
  expect(idsInOrder(webhooks)).toEqual(['e failing', 'c disabled', 'd gone', 'b refused once', 'a fine']);
});

it('a webhook that nothing arrives at needs somebody before anything is given up', () => {
  expect([webhook('a fine'), webhook('b refused once', { lastFailure })].filter(needsSomebody)).toEqual([
    webhook('b refused once', { lastFailure }),
  ]);
});

it('what somebody paused or disabled themselves stands among the rest, however it ended', () => {
  const ended = { health: 'failing', lastFailure } as const;
  const webhooks = [
    webhook('c off', { ...ended, status: 'disabled', disabledReason: 'request' }),
    webhook('b fine'),
    webhook('a paused', { ...ended, status: 'paused' }),
  ];
  expect(idsInOrder(webhooks)).toEqual(['a paused', 'b fine', 'c off']);
  expect(webhooks.filter(needsSomebody)).toEqual([]);
});

it('the rest goes by name as people sort, and what has no name by its URL', () => {
  const webhooks = [
    webhook('shop 10'),
    webhook('wh_1', { name: '', url: 'https://lager.example/' }),
    webhook('Shop 2'),
    webhook('angelholm', { name: 'Ängelholm' }),
    webhook('zebra'),
  ];
  expect(idsInOrder(webhooks, 'en')).toEqual(['angelholm', 'wh_1', 'Shop 2', 'shop 10', 'zebra']);
  expect(idsInOrder(webhooks, 'sv')).toEqual(['wh_1', 'Shop 2', 'shop 10', 'zebra', 'angelholm']);
});

it('those of one name keep their places, in whichever order they are read', () => {
  const [one, two] = [webhook('wh_1', { name: 'Shop' }), webhook('wh_2', { name: 'Shop' })];
  expect(idsInOrder([two, one])).toEqual(['wh_1', 'wh_2']);
  expect(idsInOrder([one, two])).toEqual(['wh_1', 'wh_2']);
});
