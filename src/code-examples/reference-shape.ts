/** What stands for a reference in a header: enough to tell where it ends. */
export interface Shape {
  /** Which characters it is made of; null: any that a header can have. */
  readonly chars: ReadonlySet<string> | null;
  /** How a pattern says it. */
  readonly pattern: string;
  /** Whether it ends by itself, whatever follows: it has a length of its own. */
  readonly ends: boolean;
  /** Which characters it may begin with; null: any, or it may be empty. */
  readonly first: ReadonlySet<string> | null;
}

const DIGITS = charsOf('0', '9');
const LOWER = charsOf('a', 'z');
const UPPER = charsOf('A', 'Z');
const HEX = union(DIGITS, charsOf('a', 'f'));

const ANY: Shape = { chars: null, pattern: '.*', ends: false, first: null };
/** A prefix of letters, and the id. */
const ID: Shape = {
  chars: union(LOWER, DIGITS, '_'),
  pattern: '[a-z]+_[0-9a-f]{32}',
  ends: true,
  first: LOWER,
};
const COUNT = runOf(DIGITS);

// What others have published can be anything, and nothing at all.
const SHAPES: Readonly<Record<string, Shape>> = {
  'event.id': ID,
  'event.type': runOf(union(LOWER, UPPER, DIGITS, '_.-')),
  'event.time': runOf(union(DIGITS, 'TZ:.-')),
  'event.timestamp': runOf(union(DIGITS, '-')),
  'delivery.id': ID,
  'attempt.number': COUNT,
  'attempt.timestamp': COUNT,
  'webhook.id': ID,
};

/** What a reference looks like in a header. */
export function shapeOf(reference: string): Shape {
  return SHAPES[reference] ?? ANY;
}

/** The characters of a signature. */
export function signatureChars(encoding: 'hex' | 'base64'): ReadonlySet<string> {
  return encoding === 'hex' ? HEX : union(LOWER, UPPER, DIGITS, '+/=');
}

/** At least one of these characters, as many as there are. */
export function runOf(chars: ReadonlySet<string>): Shape {
  const listed = [...chars].map((one) => (/[A-Za-z0-9]/.test(one) ? one : hexEscape(one)));
  return { chars, pattern: `[${listed.join('')}]+`, ends: false, first: chars };
}

/** Any of the characters of several sets and texts. */
export function union(...parts: readonly (Iterable<string> | string)[]): ReadonlySet<string> {
  return new Set(parts.flatMap((part) => [...part]));
}

/** `\x2f`, which every language reads alike. */
export function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function charsOf(from: string, to: string): ReadonlySet<string> {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  return new Set(Array.from({ length: last - first + 1 }, (_, at) => String.fromCharCode(first + at)));
}
