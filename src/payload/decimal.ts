/** A number in decimal digits, so that no binary fraction changes it. */
export interface Decimal {
  readonly negative: boolean;
  /** Without zeros at the start: empty for 0.5. */
  readonly whole: string;
  readonly fraction: string;
}

/** Numbers of more digits than this aren't formatted: `1e400000` is written in eight characters. */
const MAX_DIGITS = 400;

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Reads a number as JSON or JavaScript writes it; undefined for other texts and for numbers of too many digits. */
export function readDecimal(text: string): Decimal | undefined {
  if (text.length > MAX_DIGITS) return undefined;
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const places = Number(exponent);
  if (Math.abs(places) > MAX_DIGITS) return undefined;
  return shiftDecimal({ negative: sign === '-', whole, fraction }, places);
}

/** Moves the decimal point to the right, or to the left for a negative number of places. */
export function shiftDecimal({ negative, whole, fraction }: Decimal, places: number): Decimal {
  const digits = '0'.repeat(Math.max(-places, 0)) + whole + fraction + '0'.repeat(Math.max(places, 0));
  const point = whole.length + Math.max(-places, 0) + places;
  return { negative, whole: withoutZeros(digits.slice(0, point)), fraction: digits.slice(point) };
}

/** Rounds to so many digits behind the point, halves away from zero. */
export function roundDecimal(decimal: Decimal, places: number): Decimal {
  const { negative, whole, fraction } = decimal;
  if (fraction.length <= places) return decimal;
  const kept = BigInt(`0${whole}${fraction.slice(0, places)}`);
  const rounded = fraction.charAt(places) >= '5' ? kept + 1n : kept;
  const digits = String(rounded).padStart(places, '0');
  const point = digits.length - places;
  return { negative, whole: withoutZeros(digits.slice(0, point)), fraction: digits.slice(point) };
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const places = Math.max(left.fraction.length, right.fraction.length);
  return fromUnits(toUnits(left, places) + toUnits(right, places), places);
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  const [leftPlaces, rightPlaces] = [left.fraction.length, right.fraction.length];
  return fromUnits(toUnits(left, leftPlaces) * toUnits(right, rightPlaces), leftPlaces + rightPlaces);
}

export function isZero({ whole, fraction }: Decimal): boolean {
  return whole === '' && /^0*$/.test(fraction);
}

/** As JSON writes it. */
export function decimalText(decimal: Decimal): string {
  const sign = decimal.negative && !isZero(decimal) ? '-' : '';
  return `${sign}${decimal.whole || '0'}${decimal.fraction && '.'}${decimal.fraction}`;
}

/** How many units of the last place a number is. */
function toUnits({ negative, whole, fraction }: Decimal, places: number): bigint {
  const units = BigInt(`0${whole}${fraction.padEnd(places, '0')}`);
  return negative ? -units : units;
}

function fromUnits(units: bigint, places: number): Decimal {
  const digits = String(units < 0n ? -units : units).padStart(places, '0');
  const point = digits.length - places;
  return { negative: units < 0n, whole: withoutZeros(digits.slice(0, point)), fraction: digits.slice(point) };
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}
