/** "Today + 7 Days". Today begins at midnight UTC. */
export interface DateVariable {
  readonly base: 'today' | 'now';
  /** 0 unless given; may be negative. */
  readonly plus?: number;
  /** Days unless given. */
  readonly unit?: DateUnit;
}

export type DateUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months';

export const DATE_UNITS: readonly DateUnit[] = ['minutes', 'hours', 'days', 'weeks', 'months'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNIT_MS = { minutes: MINUTE_MS, hours: HOUR_MS, days: DAY_MS, weeks: 7 * DAY_MS };

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

// The calendar repeats after 400 years. Date.UTC takes the years 0 to 99 for those of the 20th century.
const CYCLE_MS = 146_097 * DAY_MS;

/**
 * Reads an ISO 8601 date, with or without a time: `2026-03-13`, `2026-03-13T14:30:00.5+02:00`, a space for the T.
 * Without a zone it is UTC; without a time it is midnight.
 *
 * @returns milliseconds since 1970, digits beyond them cut off; undefined if the text is no date
 */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetMs = parseOffset(match[8]);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetMs === undefined) return undefined;
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return Date.UTC(year + 400, month - 1, day, hour, minute, second, ms) - CYCLE_MS - offsetMs;
}

function parseOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/** @param month counts from 1 */
function daysOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year + 400, month, 0)).getUTCDate();
}

/** The day a time lies on in UTC, counted from 1970. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** The time a date variable stands for now. A month later than the 31st is the last day of a shorter month. */
export function resolveDate(variable: DateVariable, nowMs: number): number {
  const { base, plus = 0, unit = 'days' } = variable;
  const start = base === 'today' ? dayOf(nowMs) * DAY_MS : nowMs;
  return unit === 'months' ? addMonths(start, plus) : start + plus * UNIT_MS[unit];
}

function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  return date.setUTCDate(Math.min(day, daysOfMonth(date.getUTCFullYear(), date.getUTCMonth() + 1)));
}

/** `2026-03-13`, or with the time `2026-03-13T14:30:00.000Z`. */
export function formatDate(ms: number, compare: 'date' | 'dateTime'): string {
  const text = new Date(ms).toISOString();
  return compare === 'date' ? text.slice(0, text.indexOf('T')) : text;
}
