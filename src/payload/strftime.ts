import {
  type CivilTime,
  DAYS,
  dayOfWeek,
  dayOfYear,
  epochMs,
  hourOfTwelve,
  MONTHS,
  offsetText,
} from './civil-time.ts';

const DIRECTIVE = /%([-_0^]?)(:?)([A-Za-z%])/g;

const COMBINED: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  T: '%H:%M:%S',
  R: '%H:%M',
  c: '%a %b %e %H:%M:%S %Y',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  r: '%I:%M:%S %p',
};

type Written = readonly [value: string | number, width?: number, padding?: string];

const DIRECTIVES: Readonly<Record<string, (time: CivilTime) => Written>> = {
  Y: (time) => [time.year, 4],
  C: (time) => [Math.floor(time.year / 100), 2],
  y: (time) => [time.year % 100, 2],
  m: (time) => [time.month, 2],
  B: (time) => [MONTHS[time.month - 1] as string],
  b: (time) => [(MONTHS[time.month - 1] as string).slice(0, 3)],
  h: (time) => [(MONTHS[time.month - 1] as string).slice(0, 3)],
  d: (time) => [time.day, 2],
  e: (time) => [time.day, 2, ' '],
  j: (time) => [dayOfYear(time), 3],
  A: (time) => [DAYS[dayOfWeek(time)] as string],
  a: (time) => [(DAYS[dayOfWeek(time)] as string).slice(0, 3)],
  u: (time) => [dayOfWeek(time) || 7],
  w: (time) => [dayOfWeek(time)],
  H: (time) => [time.hour, 2],
  k: (time) => [time.hour, 2, ' '],
  I: (time) => [hourOfTwelve(time.hour), 2],
  l: (time) => [hourOfTwelve(time.hour), 2, ' '],
  M: (time) => [time.minute, 2],
  S: (time) => [time.second, 2],
  L: (time) => [time.fraction.slice(0, 3)],
  N: (time) => [time.fraction.slice(0, 9)],
  p: (time) => [time.hour < 12 ? 'AM' : 'PM'],
  P: (time) => [time.hour < 12 ? 'am' : 'pm'],
  s: (time) => [Math.floor(epochMs(time) / 1000)],
  Z: (time) => [time.offsetMinutes ? offsetText(time.offsetMinutes, ':') : 'UTC'],
  '%': () => ['%'],
  n: () => ['\n'],
  t: () => ['\t'],
};

/**
 * Writes a time as the filter `date` of Liquid does: `%Y-%m-%d`, with `-` for no padding, `_` for spaces, `0` for
 * zeros and `^` for capitals. What it doesn't know stays as it is.
 */
export function strftime(time: CivilTime, format: string): string {
  return format.replace(DIRECTIVE, (whole, flag: string, colon: string, letter: string) => {
    if (letter === 'z') return offsetText(time.offsetMinutes ?? 0, colon);
    const combined = COMBINED[letter];
    if (combined !== undefined) return strftime(time, combined);
    const directive = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    return directive === undefined ? whole : pad(directive(time), flag);
  });
}

function pad([value, width = 0, usual = '0']: Written, flag: string): string {
  const text = String(value);
  if (flag === '-') return text;
  if (flag === '^') return text.toUpperCase();
  return text.padStart(width, flag === '_' ? ' ' : flag === '0' ? '0' : usual);
}
