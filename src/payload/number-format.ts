import { type Decimal, isZero, roundDecimal, shiftDecimal } from './decimal.ts';

type Piece =
  | { readonly kind: 'digit'; readonly isZero: boolean }
  | { readonly kind: 'point' }
  | { readonly kind: 'text'; readonly text: string };

/** One part of a format between semicolons. */
interface Section {
  readonly pieces: readonly Piece[];
  /** Digits before the point that the format has places for, and those that are always written. */
  readonly wholePlaces: number;
  readonly wholeMin: number;
  /** The same behind the point. */
  readonly fractionPlaces: number;
  readonly fractionMin: number;
  readonly grouped: boolean;
  /** By how many places a percent sign or a comma for thousands moves the point. */
  readonly shift: number;
}

/** A text in quotes, an escaped character, or one character. */
const PART = /'([^']*)'|"([^"]*)"|\\([\s\S])|([\s\S])/g;

/**
 * Writes a number in a custom number format of .NET, in the invariant culture: `#,0.00`, `0%`, `0;(0);-`. Halves are
 * rounded away from zero. Exponents (`E0`) aren't known.
 */
export function formatNumber(number: Decimal, format: string): string {
  const sections = splitSections(format).map(readSection);
  const first = sections[0] as Section;
  const negative = sections[1] && sections[1].pieces.length > 0 ? sections[1] : undefined;
  const zero = sections[2] && sections[2].pieces.length > 0 ? sections[2] : first;
  const chosen = isZero(number) ? zero : number.negative && negative ? negative : first;
  const rounded = scaled(number, chosen);
  // What becomes zero by rounding is written as zero is.
  if (isZero(rounded)) return write(scaled(rounded, zero, 0), zero);
  const sign = number.negative && chosen === first ? '-' : '';
  return sign + write(rounded, chosen);
}

function scaled(number: Decimal, section: Section, shift = section.shift): Decimal {
  return roundDecimal(shiftDecimal(number, shift), section.fractionPlaces);
}

/** Each section as its parts: quoted texts marked with a leading apostrophe, anything else a single character. */
function splitSections(format: string): string[][] {
  const sections: string[][] = [[]];
  for (const [, single, double, escaped, plain] of format.matchAll(PART)) {
    if (plain === ';') sections.push([]);
    else sections.at(-1)?.push(plain ?? `'${single ?? double ?? escaped}`);
  }
  return sections;
}

function readSection(parts: readonly string[]): Section {
  const pieces: Piece[] = [];
  const places = { whole: [] as boolean[], fraction: [] as boolean[] };
  let side: 'whole' | 'fraction' = 'whole';
  let shift = 0;
  let commas = 0;
  let grouped = false;
  for (const part of parts) {
    if (part === '0' || part === '#') {
      // Commas between two places group digits; commas behind the last place divide by a thousand.
      if (commas > 0 && side === 'whole') grouped = true;
      if (side === 'whole') commas = 0;
      places[side].push(part === '0');
      pieces.push({ kind: 'digit', isZero: part === '0' });
    } else if (part === '.') {
      if (side === 'whole') pieces.push({ kind: 'point' });
      side = 'fraction';
    } else if (part === ',') {
      if (side === 'whole' && places.whole.length > 0) commas += 1;
    } else {
      if (part === '%') shift += 2;
      if (part === '‰') shift += 3;
      pieces.push({ kind: 'text', text: part.startsWith("'") ? part.slice(1) : part });
    }
  }
  const firstZero = places.whole.indexOf(true);
  return {
    pieces,
    wholePlaces: places.whole.length,
    wholeMin: firstZero < 0 ? 0 : places.whole.length - firstZero,
    fractionPlaces: places.fraction.length,
    fractionMin: places.fraction.lastIndexOf(true) + 1,
    grouped,
    shift: shift - 3 * commas,
  };
}

function write(number: Decimal, section: Section): string {
  const whole = number.whole.padStart(section.wholeMin, '0');
  const fraction = fractionDigits(number.fraction, section);
  const pending = wholeDigits(whole, section);
  const fractionLeft = [...fraction];
  let isFraction = false;
  let text = '';
  for (const piece of section.pieces) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'digit') text += (isFraction ? fractionLeft : pending).shift() ?? '';
    else {
      // A format that begins with the point has no place for the digits before it: they all stand here.
      if (section.wholePlaces === 0) text += pending.join('');
      if (fraction !== '') text += '.';
      isFraction = true;
    }
  }
  return text;
}

/** What stands at each place before the point; the first one takes all digits there is no place for. */
function wholeDigits(whole: string, { wholePlaces, grouped }: Section): string[] {
  const digits = [...whole].map((digit, at) => {
    const left = whole.length - 1 - at;
    return grouped && left > 0 && left % 3 === 0 ? `${digit},` : digit;
  });
  const places = Math.max(wholePlaces, 1);
  const empty = Array.from({ length: Math.max(places - digits.length, 0) }, () => '');
  const extra = Math.max(digits.length - places + 1, 1);
  return [...empty, ...(digits.length > 0 ? [digits.slice(0, extra).join(''), ...digits.slice(extra)] : [])];
}

function fractionDigits(fraction: string, { fractionPlaces, fractionMin }: Section): string {
  const digits = fraction.padEnd(fractionPlaces, '0').slice(0, fractionPlaces);
  let length = digits.length;
  while (length > fractionMin && digits[length - 1] === '0') length -= 1;
  return digits.slice(0, length);
}
