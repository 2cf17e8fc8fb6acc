/** A span of time as the address bar has it: ISO 8601, empty where it is open. */
export interface TimeSpan {
  readonly from?: string;
  readonly to?: string;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const LENGTH_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
export const PRESETS = ['hour', 'day', 'week'] as const;
export type Preset = (typeof PRESETS)[number];

/** The span until now, from a whole minute on: fields of time show no seconds. */
export function spanOf(preset: Preset, nowMs: number): Required<TimeSpan> {
  const fromMs = Math.floor((nowMs - LENGTH_MS[preset]) / MINUTE_MS) * MINUTE_MS;
  return { from: new Date(fromMs).toISOString(), to: '' };
}

/** A time as a field of date and time has it, in the viewer's zone; empty for none, and for what is none. */
export function fieldValue(at: string | undefined): string {
  const date = new Date(at ?? '');
  if (Number.isNaN(date.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What is in two such fields as a span; `backwards` if it ends before it begins. */
export function readSpan(from: string, to: string): Required<TimeSpan> | 'backwards' {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (fromMs >= toMs) return 'backwards';
  const text = (ms: number) => (Number.isNaN(ms) ? '' : new Date(ms).toISOString());
  return { from: text(fromMs), to: text(toMs) };
}

/** A time in few words, in the viewer's zone; with the year if it isn't this one. What isn't a time stays as it is. */
export function shortTime(at: string, locale: string, nowMs: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const thisYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(!thisYear && { year: 'numeric' }),
  }).format(date);
}
