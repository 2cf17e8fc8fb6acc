import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_REMEMBERED, type Meter } from './linear-pattern.ts';

/** Counts what patterns spend in the present judgement. */
function work() {
  const spent = { steps: 0, worked: 0 };
  const meter: Meter & { judgement: object } = {
    judgement: {},
    spend: (steps, worked) => {
      spent.steps += steps;
      spent.worked += worked;
    },
  };
  const compile = (source: string, flags = 'u') => {
    const pattern = compilePattern(source, flags, meter);
    if (typeof pattern === 'string') throw new Error(pattern);
    return pattern;
  };
  const judgeAnother = () => {
    meter.judgement = {};
    spent.steps = 0;
    spent.worked = 0;
  };
  return { spent, compile, judgeAnother };
}

const FREE: Meter = { judgement: {}, spend: () => undefined };

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
function noise(length: number, begin = 1): string {
  let seed = begin;
  return Array.from({ length }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % 7 < 3 ? 'a' : 'b';
  }).join('');
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') !== undefined;
  } catch {
    return false;
  }
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
      const spend = () => {
        throw new Error('enough');
      };
      const ended = compilePattern('(?:a|b)*a(?:a|b){12}$', 'u', { judgement: {}, spend });
      if (typeof ended !== 'string') ended.test(text);
    }).toThrow('enough');
  });

  it('takes the same steps for the same texts, whatever it has seen before', () => {
    fc.assert(
      fc.property(
        sources.all.filter((source) => isPattern(source)),
        fc.array(
          texts.map((parts) => parts.join('')),
          { maxLength: 8 },
        ),
        fc.array(
          texts.map((parts) => parts.join('')),
          { minLength: 1, maxLength: 4 },
        ),
        (source, before, judged) => {
          const [fresh, used] = [work(), work()];
          const patterns = { fresh: fresh.compile(source), used: used.compile(source) };
          for (const text of before) patterns.used.test(text);
          used.judgeAnother();
          for (const text of judged) expect(patterns.used.test(text)).toBe(patterns.fresh.test(text));
          expect(used.spent.steps).toBe(fresh.spent.steps);
          expect(used.spent.worked).toBeLessThanOrEqual(fresh.spent.worked);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('also if it has to begin anew in between', () => {
    const source = '(?:a|b)*a(?:a|b){12}$';
    const steps = [0, 900, 3_000, 9_000].map((length) => {
      const { spent, compile, judgeAnother } = work();
      const pattern = compile(source);
      pattern.test(noise(length, 7));
      judgeAnother();
      for (const begin of [1, 2, 1]) pattern.test(noise(4_000, begin));
      expect(spent.worked).toBeGreaterThan(MAX_REMEMBERED);
      return spent.steps;
    });
    expect(new Set(steps).size).toBe(1);
  });

  it('works less on what it remembers', () => {
    const { spent, compile, judgeAnother } = work();
    const pattern = compile('^[0-9a-f]{8}-[0-9a-f]{4}$');
    const worked = ['01234567-89ab', '01234567-89ab'].map((text) => {
      judgeAnother();
      pattern.test(text);
      return spent.worked;
    });
    expect(worked[1]).toBeLessThan(Number(worked[0]) / 4);
  });

  it('remembers no more of a million characters than it may', () => {
    const { compile, judgeAnother } = work();
    const pattern = compile('^[^a]{1,60}$');
    let most = 0;
    for (let first = 0x10000; first < 0x10000 + 300_000; first += 60) {
      const text = Array.from({ length: 60 }, (_, at) => String.fromCodePoint(first + at)).join('');
      judgeAnother();
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
    expect(compilePattern(source, 'u', FREE)).toBe(problem);
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
      const ours = (): unknown => compilePattern(source, 'u', FREE);
      if (native === undefined) expect(ours()).toBeTypeOf('object');
      else expect(ours).toThrow(SyntaxError);
    }
  });
});
