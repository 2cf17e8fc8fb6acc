/** A date and a time of day as they were written, without moving them into another zone. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits behind the second, at least nine. */
  readonly fraction: string;
  /** East of UTC; null if none was written. */
  readonly offsetMinutes: number | null;
  /** Whether it was written as "Z". */
  readonly isUtc: boolean;
}

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-]\d\d):?(\d\d)?)?)?$/;

const MS_PER_MINUTE = 60_000;

/** Reads a date, or a date and a time (RFC 3339 or ISO 8601, with or without a zone); undefined for any other text. */
export function readCivilTime(text: string): CivilTime | undefined {
  const match = WRITTEN.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  // 30 February would be read as a day in March.
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 60) return undefined;
  const [fraction = '', utc, offsetHours, offsetRest = '0'] = match.slice(7);
  return {
    ...{ year, month, day, hour, minute, second },
    fraction: fraction.padEnd(9, '0'),
    offsetMinutes: utc ? 0 : offsetHours === undefined ? null : minutesEast(offsetHours, offsetRest),
    isUtc: utc !== undefined,
  };
}

/** The time of a number of seconds since 1970, in UTC; undefined beyond the years 0 to 9999. */
export function civilTimeAt(epochSeconds: number): CivilTime | undefined {
  const date = new Date(epochSeconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : readCivilTime(date.toISOString());
}

/** Milliseconds since 1970; a time without a zone is taken for UTC. */
export function epochMs(time: CivilTime): number {
  const { year, month, day, hour, minute, second } = time;
  const date = new Date(
    Date.UTC(2000, month - 1, day, hour, minute, second, Number(time.fraction.slice(0, 3))),
  );
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() - (time.offsetMinutes ?? 0) * MS_PER_MINUTE;
}

/** 0 for Sunday. */
export function dayOfWeek(time: CivilTime): number {
  return startOfDay(time).getUTCDay();
}

/** 1 for the first of January. */
export function dayOfYear(time: CivilTime): number {
  const first = startOfDay({ ...time, month: 1, day: 1 });
  return (startOfDay(time).getTime() - first.getTime()) / (24 * 60 * MS_PER_MINUTE) + 1;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** `+01:00`, or with another text between hours and minutes. */
export function offsetText(minutesEast: number, between: string): string {
  const minutes = Math.abs(minutesEast);
  const sign = minutesEast < 0 ? '-' : '+';
  return `${sign}${twoDigits(Math.floor(minutes / 60))}${between}${twoDigits(minutes % 60)}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** The hour on a clock face: 12, then 1 to 11. */
export function hourOfTwelve(hour: number): number {
  return hour % 12 || 12;
}

function startOfDay({ year, month, day }: CivilTime): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

function minutesEast(hours: string, minutes: string): number {
  const size = Math.abs(Number(hours)) * 60 + Number(minutes);
  return hours.startsWith('-') ? -size : size;
}
