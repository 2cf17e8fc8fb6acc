import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { StatisticsView, WebhookStatisticsView } from '../../../src/manage/statistics.ts';
import { accountPath, get } from '../api.ts';

export type { StatisticsView, WebhookStatisticsView };

const LIVE_MS = 5_000;
const SLOW_MS = 30_000;
const HOUR_MS = 3_600_000;

/** How far back charts look, and how long one of their spans is. */
export const RANGES = {
  hour: { ms: HOUR_MS, stepSeconds: 300 },
  day: { ms: 24 * HOUR_MS, stepSeconds: 1_800 },
  week: { ms: 7 * 24 * HOUR_MS, stepSeconds: 4 * 3_600 },
  month: { ms: 30 * 24 * HOUR_MS, stepSeconds: 86_400 },
} as const;
export type Range = keyof typeof RANGES;

export const statisticsQuery = (account: string, range: Range) =>
  queryOptions({
    queryKey: [accountPath(account, 'statistics'), range],
    queryFn: ({ signal }) => {
      const { ms, stepSeconds } = RANGES[range];
      const now = Date.now();
      const query = { from: new Date(now - ms).toISOString(), to: new Date(now).toISOString(), stepSeconds };
      return get<StatisticsView>(accountPath(account, 'statistics'), query, signal);
    },
    refetchInterval: range === 'hour' || range === 'day' ? LIVE_MS : SLOW_MS,
    placeholderData: keepPreviousData,
  });

/** How each webhook fared in the last 24 hours, by its id. */
export const webhookStatisticsQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'statistics', 'webhooks')],
    queryFn: async ({ signal }) => {
      const path = accountPath(account, 'statistics', 'webhooks');
      const { data } = await get<{ data: readonly WebhookStatisticsView[] }>(path, undefined, signal);
      // An object, not a Map: of that, what is the same when it is read again stays the same object.
      return Object.fromEntries(data.map((one) => [one.webhookId, one]));
    },
    refetchInterval: LIVE_MS,
  });
