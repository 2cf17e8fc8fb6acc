import {
  type CivilTime,
  DAYS,
  dayOfWeek,
  hourOfTwelve,
  MONTHS,
  offsetText,
  twoDigits,
} from './civil-time.ts';

/** A run of one letter, a text in quotes, an escaped character, or any other one. */
const PART = /([dfFghHKmMstyz])\1*|'([^']*)'|"([^"]*)"|\\([\s\S])|%(?=[\s\S])|[\s\S]/g;

/** Writes a time in a custom date format of .NET, in the invariant culture: `dd.MM.yyyy HH:mm`. */
export function formatDate(time: CivilTime, format: string): string {
  let text = '';
  for (const match of format.matchAll(PART)) {
    const [part, letter, single, double, escaped] = match;
    if (letter !== undefined) text = append(text, written(time, letter, part.length));
    else if (part !== '%') text += single ?? double ?? escaped ?? part;
  }
  return text;
}

/** An optional fraction that is empty takes the point before it away. */
function append(text: string, added: string | null): string {
  if (added !== null) return text + added;
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

function written(time: CivilTime, letter: string, count: number): string | null {
  switch (letter) {
    case 'd':
      return dayText(time, count);
    case 'M':
      return monthText(time.month, count);
    case 'y':
      return yearText(time.year, count);
    case 'H':
      return padded(time.hour, count);
    case 'h':
      return padded(hourOfTwelve(time.hour), count);
    case 'm':
      return padded(time.minute, count);
    case 's':
      return padded(time.second, count);
    case 'f':
      return time.fraction.slice(0, count);
    case 'F':
      return time.fraction.slice(0, count).replace(/0+$/, '') || null;
    case 't':
      return (time.hour < 12 ? 'AM' : 'PM').slice(0, count);
    case 'g':
      return 'A.D.';
    case 'K':
      return zoneText(time).repeat(count);
    default:
      return offsetIn(time.offsetMinutes ?? 0, count);
  }
}

function dayText(time: CivilTime, count: number): string {
  if (count <= 2) return padded(time.day, count);
  const name = DAYS[dayOfWeek(time)] as string;
  return count === 3 ? name.slice(0, 3) : name;
}

function monthText(month: number, count: number): string {
  if (count <= 2) return padded(month, count);
  const name = MONTHS[month - 1] as string;
  return count === 3 ? name.slice(0, 3) : name;
}

function yearText(year: number, count: number): string {
  return count <= 2 ? padded(year % 100, count) : String(year).padStart(count, '0');
}

/** `z`, `zz` and `zzz`: +1, +01, +01:00. */
function offsetIn(minutesEast: number, count: number): string {
  const text = offsetText(minutesEast, ':');
  if (count >= 3) return text;
  return count === 2 ? text.slice(0, 3) : `${text.charAt(0)}${Number(text.slice(1, 3))}`;
}

function zoneText(time: CivilTime): string {
  if (time.isUtc) return 'Z';
  return time.offsetMinutes === null ? '' : offsetText(time.offsetMinutes, ':');
}

function padded(number: number, count: number): string {
  return count >= 2 ? twoDigits(number) : String(number);
}
