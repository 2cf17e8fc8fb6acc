import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_REMEMBERED } from './linear-pattern.ts';

function work() {
  const spent = { steps: 0 };
  const compile = (source: string, flags = 'u') => {
    const pattern = compilePattern(source, flags, (steps) => {
      spent.steps += steps;
    });
    if (typeof pattern === 'string') throw new Error(pattern);
    return pattern;
  };
  return { spent, compile };
}

const ATOMS = [
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\W',
  '\\s',
  '\\p{L}',
  'é',
  '😀',
  '\\uD83D\\uDE00',
  '[]',
  '\\-',
];
const EDGES = ['^', '$', '\\b', '\\B'];
const COUNTS = ['', '', '', '*', '+', '?', '{2}', '{0}', '{1,}', '{0,2}', '*?', '{1,3}?'];

const sources = fc.letrec<{ one: string; all: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...COUNTS)).map((parts) => parts.join('')),
    fc.constantFrom(...EDGES),
    fc
      .tuple(tie('all'), fc.constantFrom('(', '(?:', '(?<n>'), fc.constantFrom(...COUNTS))
      .map(([inner, begin, count]) => {
        return `${inner.includes('?<n>') && begin === '(?<n>' ? '(?:' : begin}${inner})${count}`;
      }),
  ),
  all: fc
    .array(
      fc.array(tie('one'), { maxLength: 3 }).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map((options) => options.join('|')),
}));
const texts = fc.array(fc.constantFrom('a', 'b', 'A', 'é', '😀', '\ud83d', ' ', '\n', '1', '-', '_'), {
  maxLength: 8,
});

/** Letters a and b in no order. */
function noise(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % 7 < 3 ? 'a' : 'b';
  }).join('');
}

describe('a linear pattern', () => {
  it('finds what the engine of ECMAScript finds', () => {
    fc.assert(
      fc.property(
        sources.all,
        fc.constantFrom('u', 'iu', '', 'i'),
        fc.array(texts, { minLength: 1, maxLength: 5 }),
        (source, flags, all) => {
          let native: RegExp;
          try {
            native = new RegExp(source, flags);
          } catch {
            // A name that is there twice, or what only Unicode patterns have.
            return;
          }
          fc.pre(flags.includes('u') || !/\\p|😀|\\u/.test(source));
          const pattern = work().compile(source, flags);
          // V8 errs about pairs of surrogates where it looks for \B, or back from the end: /[^a]$/u doesn't find 😀.
          const known = all
            .map((parts) => parts.join(''))
            .filter((text) => !/[$B]/.test(source) || !text.includes('😀'));
          for (const text of known)
            expect([source, flags, text, pattern.test(text)]).toEqual([
              source,
              flags,
              text,
              native.test(text),
            ]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['^([a-z]+)+$', 'a'],
    ['^(a|aa)+$', 'a'],
    ['(a*)*b', 'a'],
    ['^(.*)(.*)(.*)(.*)x$', '-'],
    ['^(\\w+\\s?)*$', 'ab '],
  ])('%s takes steps that grow with the text alone', (source, part) => {
    const stepsFor = (length: number): number => {
      const { spent, compile } = work();
      const pattern = compile(source);
      const text = `${part.repeat(length)}!`;
      expect(pattern.test(text)).toBe(false);
      return spent.steps;
    };
    expect(stepsFor(20_000)).toBeLessThan(12 * stepsFor(2_000));
    expect(stepsFor(20_000)).toBeLessThan(100_000);
  });

  it('tells of its work where it can not remember, so that somebody can end it', () => {
    const { spent, compile } = work();
    const pattern = compile('(?:a|b)*a(?:a|b){12}$');
    const text = noise(5_000);
    expect(pattern.test(text)).toBe(/^[ab]*a[ab]{12}$/.test(text));
    expect(spent.steps).toBeGreaterThan(20_000);
    expect(() => {
      const ended = compilePattern('(?:a|b)*a(?:a|b){12}$', 'u', () => {
        throw new Error('enough');
      });
      if (typeof ended !== 'string') ended.test(text);
    }).toThrow('enough');
  });

  it('remembers no more of a million characters than it may', () => {
    const pattern = compilePattern('^[^a]{1,60}$', 'u', () => {});
    if (typeof pattern === 'string') throw new Error(pattern);
    let most = 0;
    for (let first = 0x10000; first < 0x10000 + 300_000; first += 60) {
      const text = Array.from({ length: 60 }, (_, at) => String.fromCodePoint(first + at)).join('');
      expect(pattern.test(text)).toBe(true);
      most = Math.max(most, pattern.remembered);
    }
    // It did fill up, and began anew.
    expect(most).toBeGreaterThan(MAX_REMEMBERED / 2);
    expect(most).toBeLessThanOrEqual(MAX_REMEMBERED);
  });

  it.each([
    ['(?=a)', 'looks ahead'],
    ['a(?!b)', 'looks ahead'],
    ['(?<=a)b', 'looks behind'],
    ['(?<!a)b', 'looks behind'],
    ['(a)\\1', 'refers back to a group'],
    ['(?<n>a)\\k<n>', 'refers back to a group'],
    ['(?i:a)', 'changes flags inside of it'],
    ['((a{1,100}){1,100}){1,100}', 'is too long with its repetitions written out'],
    ['(?:){1000000}', 'is too long with its repetitions written out'],
  ])('%s is none', (source, problem) => {
    expect(compilePattern(source, 'u', () => {})).toBe(problem);
  });

  it('takes a pair of surrogates for one character if it is a Unicode pattern', () => {
    const { compile } = work();
    expect(compile('^.$').test('😀')).toBe(true);
    expect(compile('^[^a]$').test('😀')).toBe(true);
    expect(compile('[^a]$').test('😀')).toBe(true);
    expect(compile('^\\u{1F600}{2}$').test('😀😀')).toBe(true);
    expect(compile('^.$', '').test('😀')).toBe(false);
    expect(compile('^\\uD83D').test('😀')).toBe(false);
    expect(compile('\\B').test('a😀a')).toBe(false);
  });

  it('that is no pattern at all is refused as the engine refuses it', () => {
    for (const source of ['(', '[', 'a**', '\\p{Nothing}', '\\-a']) {
      const native = (() => {
        try {
          return new RegExp(source, 'u') && undefined;
        } catch (error) {
          return String(error);
        }
      })();
      const ours = (): unknown => compilePattern(source, 'u', () => {});
      if (native === undefined) expect(ours()).toBeTypeOf('object');
      else expect(ours).toThrow(SyntaxError);
    }
  });
});
