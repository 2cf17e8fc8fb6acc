import { PayloadFailure } from './failure.ts';

/**
 * The engine looks for a text in another one in a time that can be the product of both lengths (measured: 22 s for
 * 100,000 characters in a million). With one of them this short it stays about a millisecond.
 */
const MAX_SOUGHT_LENGTH = 256;

/**
 * Judges a text that is looked for in another one.
 *
 * @throws PayloadFailure `filter_failed` if it is too long
 */
export function sought(text: string): string {
  if (text.length <= MAX_SOUGHT_LENGTH) return text;
  const message = `A text of more than ${MAX_SOUGHT_LENGTH} characters can't be looked for.`;
  throw new PayloadFailure('filter_failed', message, null, { why: 'sought', most: MAX_SOUGHT_LENGTH });
}
