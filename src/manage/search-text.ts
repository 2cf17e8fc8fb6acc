import { z } from 'zod';
import { fromWireId } from '../ids.ts';
import { textsAndNumbers } from '../json-source.ts';
import type { SearchKey, SearchProbe } from '../store/search.ts';

/** What somebody has on the phone: the number of an order, of a parcel, or the id of an event. */
export const searchSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\0'), 'contains a NUL character')
  .refine((value) => value.isWellFormed(), 'contains a lone surrogate, which is not valid Unicode');

/** A text that is searched for, and all that it can mean. */
export interface Wanted {
  readonly key: SearchKey;
  readonly probe: SearchProbe;
  /** Whether JSON has it as a string, or as a number, wherever in it. */
  readonly isIn: (json: string) => boolean;
}

/** @param text as `searchSchema` lets it through */
export function wantedOf(text: string): Wanted {
  const folded = foldCase(text);
  const number = numberOf(text);
  const value = Number(text);
  return {
    key: {
      eventId: fromWireId('evt', folded) ?? null,
      subjectEnd: folded.slice(folded.lastIndexOf('/') + 1),
      subject: folded.includes('/') ? folded : null,
    },
    probe: { text: folded, digits: number === undefined ? null : wholeDigits(text) },
    isIn: (json) => {
      for (const one of textsAndNumbers(json)) {
        if (one.startsWith('"') ? stringIs(one, folded) : numberIs(one, value, number)) return true;
      }
      return false;
    },
  };
}

function stringIs(written: string, folded: string): boolean {
  if (written.includes('\\')) return foldCase(JSON.parse(written) as string) === folded;
  return written.length === folded.length + 2 && foldCase(written.slice(1, -1)) === folded;
}

/** Rounded numbers that differ tell most of them apart, and soon. */
function numberIs(written: string, value: number, number: string | undefined): boolean {
  return number !== undefined && Number(written) === value && numberOf(written) === number;
}

/** Only A to Z: what a database takes for the same letter beyond that depends on where it runs. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number of JSON in a form that any of the same value has, with all its digits; undefined for anything else. */
function numberOf(text: string): string | undefined {
  const [matched, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  if (start === digits.length) return '0';
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const power = BigInt(exponent.slice(0, MAX_EXPONENT)) - BigInt(fraction.length - (digits.length - end));
  return `${sign}${digits.slice(start, end)}e${power}`;
}

// Reading the digits of a bigint takes more than linear time, and no number has such an exponent.
const MAX_EXPONENT = 300;

/** What stands before the point, which any number of this value has in it if it is written without an exponent. */
function wholeDigits(text: string): string {
  return /e/i.test(text) ? '' : (/\d+/.exec(text)?.[0] ?? '');
}
