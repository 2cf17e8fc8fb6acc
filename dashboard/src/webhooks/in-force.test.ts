import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_SCHEDULE } from '../../../src/dispatch/retry.ts';
import type { ProfileView } from '../data/profiles.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { emptyDraft, type WebhookDraft } from './draft.ts';
import { exactDuration, failingInForce, retriesInForce, usualDays, waitsText } from './in-force.ts';

const USUAL = { retry: null, failing: { after: 1, actions: ['mark'] } } as unknown as ProfileView;
const HOURLY = { ...USUAL, retry: { schedule: [3_600] }, failing: { after: 9, actions: [] } } as ProfileView;

/** A webhook that was saved with the usual schedule, and the draft that shows it. */
const WEBHOOK = {
  profile: 'stripe',
  payloadVersion: null,
  retry: null,
  events: [],
  channels: [],
  condition: null,
  auth: null,
  batch: null,
  headers: {},
  disableAfterDays: null,
  effective: {
    retry: { schedule: [7, 8], jitter: true },
    failing: { after: 5, actions: ['alert'] },
    disableAfterDays: 14,
  },
} as unknown as WebhookView;
const draft = (change: Partial<WebhookDraft> = {}) => ({ ...emptyDraft(), profile: 'stripe', ...change });

describe('the retries that are in force', () => {
  it('are those the API tells of while nothing about them is changed', () => {
    expect(retriesInForce(draft(), WEBHOOK, HOURLY)).toEqual({ schedule: [7, 8], jitter: true });
    const never = { ...WEBHOOK, retry: { schedule: [] } } as unknown as WebhookView;
    expect(retriesInForce(draft(), never, HOURLY)).toEqual({ schedule: [7, 8], jitter: true });
  });

  it('are those of the format that is chosen instead, and of a new webhook', () => {
    expect(retriesInForce(draft({ profile: 'github' }), WEBHOOK, HOURLY)?.schedule).toEqual([3_600]);
    expect(retriesInForce(draft({ payloadVersion: '2' }), WEBHOOK, HOURLY)?.schedule).toEqual([3_600]);
    expect(retriesInForce(draft(), undefined, USUAL)).toEqual({
      schedule: DEFAULT_RETRY_SCHEDULE,
      jitter: true,
    });
    expect(retriesInForce(draft(), undefined, undefined)).toBeUndefined();
  });

  it('are those typed, if they can be read', () => {
    expect(retriesInForce(draft({ retrySchedule: '5, 60' }), WEBHOOK, HOURLY)).toEqual({
      schedule: [5, 60],
      jitter: false,
    });
    for (const retrySchedule of ['5, soon', '0', '1.5', '-5']) {
      expect(retriesInForce(draft({ retrySchedule }), WEBHOOK, HOURLY), retrySchedule).toBeUndefined();
    }
  });

  it('are told in the largest unit that is exact, of many only the first', () => {
    const told = [5, 90, 300, 5_400, 3_600, 86_400].map((seconds) => exactDuration(seconds, 'en-US'));
    expect(told).toEqual(['5 sec', '90 sec', '5 min', '90 min', '1 hr', '1 day']);
    expect(waitsText([5, 60], 'en-US')).toBe('5 sec, 1 min');
    expect(waitsText(Array(11).fill(60), 'en-US')).toBe(`${Array(10).fill('1 min').join(', ')} …`);
  });
});

it('what follows failures is that of the webhook, or of the format chosen instead', () => {
  expect(failingInForce(draft(), WEBHOOK, HOURLY)?.after).toBe(5);
  expect(failingInForce(draft({ profile: 'github' }), WEBHOOK, HOURLY)?.after).toBe(9);
  expect(failingInForce(draft(), undefined, HOURLY)?.after).toBe(9);
});

it('the usual days are those of a webhook that has none of its own', () => {
  expect(usualDays(WEBHOOK)).toBe(14);
  expect(usualDays({ ...WEBHOOK, disableAfterDays: 3 })).toBeUndefined();
  expect(usualDays(undefined)).toBeUndefined();
});
