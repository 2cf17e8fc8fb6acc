import { meter } from './budget.ts';
import { compilePattern, type LinearPattern } from './linear-pattern/linear-pattern.ts';

// Of those that schemas in use have, which they hold themselves: it is no harm to forget one.
const MAX_REMEMBERED_INSTRUCTIONS = 500_000;

const known = new Map<string, LinearPattern | string>();
let instructions = 0;

/**
 * The pattern of this source, which is compiled once, in however many schemas it stands. Its work is paid for by the
 * budget at hand.
 *
 * @returns the pattern, or what in it keeps it from being matched in linear time
 * @throws SyntaxError if it isn't one
 */
export function patternOf(source: string, flags: string): LinearPattern | string {
  const key = `${flags} ${source}`;
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const pattern = compilePattern(source, flags, meter);
  instructions += sizeOf(pattern) + source.length;
  if (instructions > MAX_REMEMBERED_INSTRUCTIONS) {
    known.clear();
    instructions = sizeOf(pattern) + source.length;
  }
  known.set(key, pattern);
  return pattern;
}

function sizeOf(pattern: LinearPattern | string): number {
  return typeof pattern === 'string' ? 0 : pattern.instructions;
}
