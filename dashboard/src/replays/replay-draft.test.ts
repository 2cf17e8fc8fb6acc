import { describe, expect, it } from 'vitest';
import { bodyOf, draftFrom, leftOutOf, NEW_REPLAY } from './replay-draft.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');
const draft = { ...NEW_REPLAY, webhookId: 'wh_1' };

describe('a replay that is typed', () => {
  it('asks for a range that ends now, so that as many are sent as were counted', () => {
    expect(bodyOf(draft, NOW)).toEqual({
      from: '2026-03-12T14:30:00.000Z',
      to: '2026-03-13T14:30:00.000Z',
      status: 'failed',
      ratePerSecond: 10,
    });
  });

  it('asks for a range of its own in the viewer’s zone', () => {
    const own = { ...draft, range: 'own', from: '2026-03-01T08:00', to: '2026-03-02T09:30' } as const;
    expect(bodyOf(own, NOW)).toMatchObject({
      from: new Date(2026, 2, 1, 8, 0).toISOString(),
      to: new Date(2026, 2, 2, 9, 30).toISOString(),
    });
    expect(bodyOf({ ...own, to: '' }, NOW)?.to).toBe('2026-03-13T14:30:00.000Z');
  });

  it('asks for nothing while the webhook or the beginning is missing', () => {
    expect(bodyOf(NEW_REPLAY, NOW)).toBeUndefined();
    expect(bodyOf({ ...draft, range: 'own' }, NOW)).toBeUndefined();
    expect(bodyOf({ ...draft, range: 'own', from: 'soon' }, NOW)).toBeUndefined();
  });

  it('leaves out what is left empty', () => {
    const bare = bodyOf({ ...draft, status: '', rate: '' }, NOW);
    expect(Object.keys(bare ?? {})).toEqual(['from', 'to']);
    const full = { ...draft, types: ['order.*'], channel: 'web', subject: 'order/1' };
    expect(bodyOf(full, NOW)).toMatchObject({ types: ['order.*'], channel: 'web', subject: 'order/1' });
  });

  it('begins with what the list is filtered by, as far as it can be replayed', () => {
    const filter = { webhookId: 'wh_2', status: 'cancelled', eventType: 'order.paid', subject: 'order/1' };
    expect(draftFrom(filter)).toMatchObject({
      webhookId: 'wh_2',
      status: 'cancelled',
      types: ['order.paid'],
      subject: 'order/1',
    });
    expect(draftFrom({ status: 'pending' }).status).toBe('failed');
  });

  it('keeps the end of the list’s span where it has no beginning, and asks for one', () => {
    const open = draftFrom({ webhookId: 'wh_2', to: '2026-03-13T14:30:00.000Z' });
    expect(open).toMatchObject({ range: 'own', from: '' });
    expect(Date.parse(open.to)).toBe(NOW);
    expect(bodyOf(open, NOW)).toBeUndefined();
    expect(draftFrom({ from: 'soon' }).range).toBe('day');
  });

  it('says what of the list’s filter doesn’t carry over', () => {
    expect(leftOutOf({ search: '12345', eventId: 'evt_1', status: 'pending' })).toEqual([
      'search',
      'eventId',
      'status',
    ]);
    expect(leftOutOf({ search: 'order/1', subject: 'order/2' })).toEqual(['search']);
    expect(leftOutOf({ search: 'order/1', status: 'failed', webhookId: 'wh_2', to: 'soon' })).toEqual([]);
    expect(leftOutOf({})).toEqual([]);
  });
});
