import { fieldValue } from '../components/time-span.ts';
import type { ReplayBody } from '../data/replays.ts';

export const RANGES = ['hour', 'day', 'week', 'own'] as const;
export type Range = (typeof RANGES)[number];

const HOUR_MS = 3_600_000;
const LENGTH_MS: Readonly<Record<Exclude<Range, 'own'>, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
};

export const STATUSES = ['failed', 'cancelled', 'missed', 'missing', 'delivered', 'superseded'] as const;

/** A replay as it is typed. */
export interface ReplayDraft {
  readonly webhookId: string;
  readonly range: Range;
  /** As a field of date and time has them, in the viewer's zone; empty: none. */
  readonly from: string;
  readonly to: string;
  /** Empty: whatever became of them. */
  readonly status: string;
  readonly types: readonly string[];
  readonly channel: string;
  readonly subject: string;
  /** Empty: as fast as it goes. */
  readonly rate: number | '';
}

export const NEW_REPLAY: ReplayDraft = {
  webhookId: '',
  range: 'day',
  from: '',
  to: '',
  status: 'failed',
  types: [],
  channel: '',
  subject: '',
  rate: 10,
};

/** What a list of deliveries is filtered by. */
export interface ListFilter {
  readonly webhookId?: string;
  readonly status?: string;
  readonly eventType?: string;
  readonly subject?: string;
  readonly search?: string;
  readonly eventId?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What is filtered by already is what somebody wants sent again. */
export function draftFrom(filter: ListFilter): ReplayDraft {
  const known = STATUSES.some((status) => status === filter.status);
  return {
    ...NEW_REPLAY,
    webhookId: filter.webhookId ?? '',
    status: known ? (filter.status as string) : NEW_REPLAY.status,
    types: filter.eventType ? [filter.eventType] : [],
    // What is searched for may stand anywhere; with a slash it is a subject.
    subject: filter.subject ?? (filter.search?.includes('/') ? filter.search : ''),
    ...(fieldValue(filter.from) + fieldValue(filter.to) !== '' && {
      range: 'own' as const,
      from: fieldValue(filter.from),
      to: fieldValue(filter.to),
    }),
  };
}

export const LEFT_OUT = ['search', 'eventId', 'status'] as const;

/** What of a filter `draftFrom` has no place for: more would be sent again than is listed. */
export function leftOutOf(filter: ListFilter): readonly (typeof LEFT_OUT)[number][] {
  const { status, subject } = draftFrom(filter);
  const kept = { search: subject, eventId: undefined, status };
  return LEFT_OUT.filter((name) => filter[name] && filter[name] !== kept[name]);
}

/** What the API is asked for; undefined while the draft lacks what it needs. */
export function bodyOf(draft: ReplayDraft, nowMs: number): ReplayBody | undefined {
  const from = draft.range === 'own' ? Date.parse(draft.from) : nowMs - LENGTH_MS[draft.range];
  // What comes in while it is counted is left out, so that as many are sent as were counted.
  const to = draft.range === 'own' && draft.to !== '' ? Date.parse(draft.to) : nowMs;
  if (draft.webhookId === '' || Number.isNaN(from) || Number.isNaN(to)) return undefined;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...(draft.status !== '' && { status: draft.status as NonNullable<ReplayBody['status']> }),
    ...(draft.types.length > 0 && { types: [...draft.types] }),
    ...(draft.channel !== '' && { channel: draft.channel }),
    ...(draft.subject !== '' && { subject: draft.subject }),
    ...(draft.rate !== '' && { ratePerSecond: draft.rate }),
  };
}
