import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition, evaluate, type Outcome } from './compile.ts';
import type { Condition, Member, Rule } from './condition.ts';
import { type Explained, explain } from './explain.ts';
import { OPERATOR_NAMES, OPERATORS, type Operator } from './operators.ts';
import { parseCondition } from './parse.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');

// Few names and values, so that they meet.
const fields = ['a', 'b', 'c.a', 'c.b', 'd.e.f', 'a.0', 'a.length', '__proto__', 'constructor.name'];
const texts = [
  '',
  'abc',
  'ABC',
  'b',
  '7',
  '007',
  '7.5',
  '9007199254740993',
  '2026-03-13',
  '2026-03-13T23:30:00-02:00',
];
const scalars = [...texts, 7, 7.5, -1, 0, 2 ** 60, true, false, null];
const values = [...scalars, [], ['abc', 7], [null, [], true], {}, { abc: 1, a: { b: 7 } }];

const anyField = fc.constantFrom(...fields);
const anyDate = fc.record({
  base: fc.constantFrom('today' as const, 'now' as const),
  plus: fc.integer({ min: -40, max: 40 }),
  unit: fc.constantFrom('minutes' as const, 'days' as const, 'months' as const),
});
const anyOperand = fc.oneof(
  fc.constantFrom(...scalars).map((value) => ({ value })),
  anyField.map((property) => ({ property })),
  anyDate.map((date) => ({ date })),
);
const anyBound = anyOperand.map((operand) => ('value' in operand ? operand.value : operand));

const OPERANDS = {
  none: fc.constant({}),
  one: anyOperand,
  range: fc.tuple(anyBound, anyBound).map((value) => ({ value })),
  list: fc.array(fc.constantFrom(...scalars), { minLength: 1, maxLength: 4 }).map((value) => ({ value })),
  name: fc.constantFrom('abc', 'a', '__proto__', 'length').map((value) => ({ value })),
};

function rulesOf(operators: readonly Operator[]): fc.Arbitrary<Rule> {
  return fc
    .constantFrom(...operators)
    .chain((operator) =>
      fc.tuple(
        anyField,
        OPERANDS[OPERATORS[operator].operand],
        fc.constantFrom({}, {}, { caseSensitive: true }, { compare: 'dateTime' }, { type: 'number' }),
        fc.constant(operator),
      ),
    )
    .map(([field, operand, more, operator]) => ({ field, operator, ...operand, ...more }) as Rule)
    .filter((rule) => 'condition' in parseCondition({ all: [rule] }));
}

const anyRule = rulesOf(OPERATOR_NAMES);
const { anyMember } = fc.letrec<{ anyMember: Member }>((tie) => ({
  anyMember: fc.oneof(
    { maxDepth: 3 },
    anyRule,
    fc.array(tie('anyMember'), { minLength: 1, maxLength: 4 }).map((all) => ({ all })),
    fc.array(tie('anyMember'), { minLength: 1, maxLength: 4 }).map((any) => ({ any })),
  ),
}));
const someMembers = fc.array(anyMember, { minLength: 1, maxLength: 4 });

const anyValue = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, fc.jsonValue());
const anyEntity = fc.record({ a: anyValue, b: anyValue }, { requiredKeys: [] });
const anyData = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { a: anyValue, b: anyValue, c: fc.oneof(anyEntity, anyValue) },
      { requiredKeys: [] },
    ),
  },
  fc.jsonValue(),
);

/** What a condition says of the data; an error is the same as any other. */
function said(condition: object, data: unknown): boolean | 'error' {
  const outcome: Outcome = evaluate({ mode: 'continue', ...condition } as Condition, data, NOW);
  return 'error' in outcome ? 'error' : outcome.fires;
}

const ruleSaid = (rule: Rule, data: unknown) => said({ all: [rule] }, data);
const not = (truth: boolean | 'error') => (truth === 'error' ? truth : !truth);
const runs = { numRuns: 400 };

describe('operators', () => {
  const pairs = OPERATOR_NAMES.flatMap((operator) => {
    const { negates } = OPERATORS[operator];
    return negates ? [[negates, operator] as const] : [];
  });

  it('come in six pairs', () => {
    expect(pairs.map(([operator]) => operator)).toEqual([
      'equals',
      'contains',
      'inList',
      'isEmpty',
      'isNull',
      'hasParam',
    ]);
  });

  it.each(pairs)('%s and %s are opposites, or both an error', (operator, opposite) => {
    fc.assert(
      fc.property(rulesOf([operator]), anyData, (rule, data) => {
        expect(ruleSaid({ ...rule, operator: opposite }, data)).toBe(not(ruleSaid(rule, data)));
      }),
      runs,
    );
  });

  it.each([
    ['greaterThan', 'lessThanOrEqual', 'number'],
    ['lessThan', 'greaterThanOrEqual', 'number'],
    ['after', 'onOrBefore', 'date'],
    ['before', 'onOrAfter', 'date'],
  ] as const)(
    '%s and %s never both hold, and one does where both sides are of type %s',
    (one, other, type) => {
      const literals = type === 'number' ? [7, 7.5, '7', '9007199254740993', 2 ** 60] : texts.slice(-2);
      fc.assert(
        fc.property(rulesOf([one]), anyData, (rule, data) => {
          const both = [ruleSaid(rule, data), ruleSaid({ ...rule, operator: other }, data)];
          expect(both).not.toEqual([true, true]);
          expect(both.includes('error')).toBe(both[0] === both[1] && both[0] === 'error');
        }),
        runs,
      );
      fc.assert(
        fc.property(fc.constantFrom(...literals), fc.constantFrom(...literals), (a, b) => {
          const rule = { field: 'a', property: 'b', type };
          const data = { a, b };
          expect(ruleSaid({ ...rule, operator: one }, data)).toBe(
            not(ruleSaid({ ...rule, operator: other }, data)),
          );
        }),
      );
    },
  );

  it('between is at least and at most', () => {
    fc.assert(
      fc.property(rulesOf(['between']), anyData, (rule, data) => {
        const [low, high] = rule.value as readonly [unknown, unknown];
        const isDate = 'compare' in rule || [low, high].some((bound) => isDateLike(bound));
        const part = (operator: string, bound: unknown): object => ({
          ...rule,
          value: undefined,
          operator,
          ...(typeof bound === 'object' ? bound : { value: bound }),
        });
        const parts = isDate
          ? [part('onOrAfter', low), part('onOrBefore', high)]
          : [part('greaterThanOrEqual', low), part('lessThanOrEqual', high)];
        const whole = ruleSaid(rule, data);
        const joined = said({ all: parts }, data);
        // An error in one part leaves the other able to say no.
        if (whole === 'error') expect([false, 'error']).toContain(joined);
        else expect(joined).toBe(whole);
      }),
      runs,
    );
  });

  it('inList is equals with any of the list', () => {
    fc.assert(
      fc.property(rulesOf(['inList']), fc.constantFrom(...scalars), (rule, a) => {
        const { value, ...rest } = rule;
        const type = rule.type ?? 'lookup';
        const any = (value as string[]).map((one) => ({ ...rest, type, operator: 'equals', value: one }));
        const data = { a };
        expect(ruleSaid({ ...rule, field: 'a' }, data)).toBe(
          said({ any: any.map((one) => ({ ...one, field: 'a' })) }, data),
        );
      }),
      runs,
    );
  });
});

function isDateLike(bound: unknown): boolean {
  if (typeof bound === 'object' && bound !== null) return 'date' in bound;
  return typeof bound === 'string' && bound.startsWith('2026');
}

describe('groups', () => {
  const and = (truths: readonly (boolean | 'error')[]) =>
    truths.includes(false) ? false : truths.includes('error') ? 'error' : true;
  const or = (truths: readonly (boolean | 'error')[]) => not(and(truths.map(not)));

  it('all is true if all are, false if one is false, and otherwise an error', () => {
    fc.assert(
      fc.property(someMembers, anyData, (members, data) => {
        expect(said({ all: members }, data)).toBe(and(members.map((one) => said({ all: [one] }, data))));
      }),
      runs,
    );
  });

  it('any is true if one is, false if all are false, and otherwise an error', () => {
    fc.assert(
      fc.property(someMembers, anyData, (members, data) => {
        expect(said({ any: members }, data)).toBe(or(members.map((one) => said({ all: [one] }, data))));
      }),
      runs,
    );
  });

  it('the order of members and a group around them change nothing', () => {
    fc.assert(
      fc.property(someMembers, anyData, (members, data) => {
        for (const how of ['all', 'any']) {
          const plain = said({ [how]: members }, data);
          expect(said({ [how]: members.toReversed() }, data)).toBe(plain);
          expect(said({ any: [{ all: [{ [how]: members }] }] }, data)).toBe(plain);
          expect(said({ [how]: [...members, { [how]: members }] }, data)).toBe(plain);
        }
      }),
    );
  });

  it('not all is the same as any not', () => {
    const opposite = (rule: Rule): Rule => ({
      ...rule,
      operator: `not${rule.operator[0]?.toUpperCase()}${rule.operator.slice(1)}` as Operator,
    });
    const rules = fc.array(rulesOf(['equals', 'contains', 'inList']), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, anyData, (all, data) => {
        expect(said({ any: all.map(opposite) }, data)).toBe(not(said({ all }, data)));
      }),
      runs,
    );
  });

  it('stop is the opposite of continue', () => {
    fc.assert(
      fc.property(someMembers, anyData, (members, data) => {
        expect(said({ mode: 'stop', any: members }, data)).toBe(not(said({ any: members }, data)));
      }),
      runs,
    );
  });
});

describe('evaluating', () => {
  it('agrees with explaining, rule by rule', () => {
    const check = (explained: Explained, member: Member, data: unknown): void => {
      expect(explained.holds).toBe(said({ all: [member] }, data));
      if ('sentence' in explained) expect(explained.sentence).toMatch(/\.$/);
      const members = 'all' in member ? member.all : 'any' in member ? member.any : [];
      const parts = 'field' in explained ? [] : (explained.all ?? explained.any ?? []);
      expect(parts).toHaveLength(members.length);
      for (const [index, part] of parts.entries()) check(part, members[index] as Member, data);
    };
    fc.assert(
      fc.property(
        someMembers,
        anyData,
        fc.constantFrom('continue' as const, 'stop' as const),
        (all, data, mode) => {
          const condition = { mode, all };
          const explanation = explain(condition, data, NOW);
          const outcome = evaluate(condition, data, NOW);
          expect(explanation.error).toEqual('error' in outcome ? outcome.error : null);
          expect(explanation.fires).toBe('fires' in outcome && outcome.fires);
          check(explanation.rules, { all }, data);
          expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('can be repeated: a compiled condition remembers nothing', () => {
    fc.assert(
      fc.property(someMembers, fc.array(anyData, { minLength: 1, maxLength: 5 }), (all, many) => {
        const condition: Condition = { mode: 'continue', all };
        const compiled = compileCondition(condition);
        const once = many.map((data) => evaluate(condition, data, NOW));
        expect(many.map((data) => compiled(data, NOW))).toEqual(once);
        expect(many.map((data) => compiled(data, NOW))).toEqual(once);
      }),
    );
  });

  it('takes data nested deeper than any stack', () => {
    const deep = JSON.parse(`{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    fc.assert(
      fc.property(someMembers, (any) => {
        evaluate({ mode: 'continue', any }, deep, NOW);
        explain({ mode: 'continue', any }, deep, NOW);
      }),
    );
  });

  it('leaves data and condition as they are', () => {
    fc.assert(
      fc.property(someMembers, anyData, (all, data) => {
        const before = JSON.stringify([all, data]);
        evaluate({ mode: 'stop', all }, data, NOW);
        explain({ mode: 'stop', all }, data, NOW);
        expect(JSON.stringify([all, data])).toBe(before);
      }),
    );
  });
});
