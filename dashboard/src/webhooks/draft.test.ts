import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMEOUT_MS } from '../../../src/manage/webhook-input.ts';
import type { WebhookView } from '../data/webhooks.ts';
import {
  afterSaving,
  bodyOf,
  changesOf,
  DEFAULT_TIMEOUT_SECONDS,
  draftOf,
  emptyDraft,
  lackingIn,
  tabOf,
} from './draft.ts';

const WEBHOOK = {
  name: 'Warehouse',
  url: 'https://warehouse.example/hooks',
  status: 'active',
  events: ['order.*'],
  channels: ['web'],
  profile: 'standard-webhooks',
  payloadVersion: '2',
  unique: true,
  priority: 7,
  ordering: 'subject',
  auth: { type: 'basic', username: 'waybill' },
  payload: null,
  condition: { mode: 'continue', all: [{ field: 'order.total', operator: 'greaterThan', value: 100 }] },
  filters: { orderStatus: ['Shipped'], warehouse: [12, 14] },
  batch: { maxItems: 50, maxWaitMs: 2_500, by: 'shipment.carrier' },
  disableAfterDays: 0.5,
  retry: { schedule: [5, 60] },
  rateLimit: { perSecond: 10 },
  timeoutMs: 2_500,
  headers: { 'X-Shop': 'north' },
} as unknown as WebhookView;

describe('a draft', () => {
  it('saved without a change asks for nothing but what there was', () => {
    const { status: _status, auth: _auth, ...same } = WEBHOOK;
    expect(bodyOf(draftOf(WEBHOOK))).toEqual(same);
  });

  it('asks for what differs from what was last saved, and for nothing else', () => {
    const loaded = draftOf(WEBHOOK);
    expect(changesOf(draftOf(WEBHOOK), loaded)).toEqual({});
    const renamed = { ...loaded, name: 'Depot', headers: [] };
    expect(changesOf(renamed, loaded)).toEqual({ name: 'Depot', headers: {} });
    expect(changesOf(renamed, renamed)).toEqual({});
  });

  it('switched off, saved, and switched on again asks for both', () => {
    const loaded = draftOf(WEBHOOK);
    const off = { ...loaded, active: false };
    expect(changesOf(off, loaded)).toEqual({ status: 'paused' });
    expect(changesOf(loaded, off)).toEqual({ status: 'active' });
  });

  it('keeps a condition the builder can not show as the text that is typed, whatever it comes to', () => {
    const condition = { mode: 'continue', all: [{ any: [{ field: 'a', operator: 'isNull' }] }] };
    const draft = draftOf({ ...WEBHOOK, condition } as WebhookView);
    expect(bodyOf(draft).condition).toEqual(condition);
    expect(bodyOf({ ...draft, conditionJson: '{}' }).condition).toEqual({});
    expect(bodyOf({ ...draft, conditionJson: '{' }).condition).toBe('{');
    expect(bodyOf({ ...draft, conditionJson: '' }).condition).toBeNull();
  });

  it('leaves credentials alone until they are written anew', () => {
    const draft = draftOf(WEBHOOK);
    expect(bodyOf(draft)).not.toHaveProperty('auth');
    draft.auth = { ...draft.auth, changed: true, password: 'secret' };
    expect(bodyOf(draft).auth).toEqual({ type: 'basic', username: 'waybill', password: 'secret' });
    draft.auth = { ...draft.auth, type: 'none' };
    expect(bodyOf(draft).auth).toBeNull();
  });

  it('leaves certificates and authorities alone until they are written anew', () => {
    const draft = draftOf(WEBHOOK);
    expect(bodyOf(draft)).not.toHaveProperty('clientCertificate');
    expect(bodyOf(draft)).not.toHaveProperty('tlsCa');
    draft.clientCertificate = { change: 'new', certificate: 'PEM', key: 'KEY', passphrase: '' };
    draft.tlsCa = { change: 'none', pem: 'what was typed before' };
    expect(bodyOf(draft)).toMatchObject({
      clientCertificate: { certificate: 'PEM', key: 'KEY' },
      tlsCa: null,
    });
  });

  it('that was saved is as it was answered, without secrets, but for what was typed meanwhile', () => {
    const sent = { ...draftOf(WEBHOOK), retrySchedule: '5 60', name: 'Depot', priority: '' } as const;
    const auth = { ...sent.auth, changed: true, password: 'secret' };
    const now = { ...sent, auth, name: 'Depot North' };
    const saved = draftOf(WEBHOOK);
    const after = afterSaving(now, { ...sent, auth }, saved);
    expect(after).toEqual({ ...saved, name: 'Depot North' });
    expect(bodyOf(after)).not.toHaveProperty('auth');
    expect(changesOf(after, saved)).toEqual({ name: 'Depot North' });
  });

  it('asks for the default where a number was deleted', () => {
    const loaded = draftOf(WEBHOOK);
    const emptied = { ...loaded, priority: '', timeoutSeconds: '' } as const;
    expect(changesOf(emptied, loaded)).toEqual({ priority: 5, timeoutMs: 15_000 });
    expect(changesOf({ ...emptyDraft(), priority: '', timeoutSeconds: '' }, emptyDraft())).toEqual({});
    expect(DEFAULT_TIMEOUT_SECONDS * 1000).toBe(DEFAULT_TIMEOUT_MS);
  });

  it('lacks the name of a header that has a value, and nothing of one that is empty', () => {
    const headers = [
      { name: '', value: ' ' },
      { name: ' ', value: 'north' },
      { name: 'X-Shop', value: '' },
    ];
    expect(lackingIn({ ...emptyDraft(), headers })).toMatchObject([
      { path: 'headers[1].name', code: 'required' },
    ]);
  });

  it('with a batch whose numbers are gone has the API ask for them', () => {
    const batch = { maxItems: '', maxWaitSeconds: '', by: ' ' } as const;
    expect(bodyOf({ ...emptyDraft(), batch }).batch).toEqual({});
  });

  it('keeps a schedule that is not one for the API to refuse', () => {
    expect(bodyOf({ ...emptyDraft(), retrySchedule: '5, soon 60' }).retry).toEqual({
      schedule: [5, 'soon', 60],
    });
  });

  it('of all events asks for all', () => {
    expect(bodyOf({ ...emptyDraft(), allEvents: true, events: ['order.created'] }).events).toEqual(['*']);
  });

  it.each([
    ['url', 'general'],
    ['events[0]', 'general'],
    ['auth.token', 'authentication'],
    ['condition.all[0].operator', 'condition'],
    ['filters.orderStatus[1]', 'condition'],
    ['batch.maxItems', 'delivery'],
    ['secret', 'authentication'],
    ['retry.schedule[1]', 'delivery'],
    ['headers.X-Shop', 'delivery'],
  ])('shows what is wrong with %s on the tab %s', (path, tab) => {
    expect(tabOf(path)).toBe(tab);
  });
});
