import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate } from './compile.ts';
import type { Condition } from './condition.ts';
import { DATE_UNITS } from './date-value.ts';
import { explain } from './explain.ts';
import { OPERATOR_NAMES, OPERATORS, VALUE_TYPES } from './operators.ts';
import { parseCondition } from './parse.ts';
import { PROBLEM_CODES } from './problems.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/conditions.md', import.meta.url), 'utf8');
const NOW = Date.parse('2026-03-13T14:30:00Z');

interface Example {
  readonly json: unknown;
  /** What stands between this block and the next one. */
  readonly text: string;
}

const examples: Example[] = GUIDE.split('```json\n')
  .slice(1)
  .map((part) => {
    const [json = '', text = ''] = part.split('\n```\n');
    return { json: JSON.parse(json), text };
  });
const isExplanation = ({ json }: Example): boolean => 'fires' in (json as object);

/** Rows such as | `{"a": 1}` | gets it | */
function rowsOf(text: string): { data: unknown; outcome: string }[] {
  return [...text.matchAll(/^\| `(\{.*\})` \| (gets it|doesn't get it|error: .+) \|$/gm)].map((row) => ({
    data: JSON.parse(row[1] as string),
    outcome: row[2] as string,
  }));
}

function parse(value: unknown): Condition {
  const parsed = parseCondition(value);
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.condition;
}

describe('the guide', () => {
  it('has every block of JSON looked at', () => {
    // What is about filters runs against a server, in test/e2e/filters-guide.test.ts.
    const ofFilters = GUIDE.match(/^```json \w+$/gm) ?? [];
    expect(examples.length + ofFilters.length).toBe(GUIDE.split('```').length / 2 - 0.5);
    expect(examples.filter(isExplanation)).toHaveLength(1);
    expect(examples.flatMap(({ text }) => rowsOf(text))).toHaveLength(
      GUIDE.split('\n').filter((line) => line.startsWith('| `{') && !line.endsWith('the event |')).length,
    );
  });

  it.each(examples.filter((one) => !isExplanation(one)))(
    'tells what comes of example %#',
    ({ json, text }) => {
      const condition = parse(json);
      const rows = rowsOf(text);
      expect(rows.length > 0 || text.includes('\nAsked about `')).toBe(true);
      for (const { data, outcome } of rows) {
        const found = evaluate(condition, data, NOW);
        const said = 'error' in found ? found.error.message : found.fires ? 'gets it' : "doesn't get it";
        const missing = /^error: there is no `(.+)`$/.exec(outcome)?.[1];
        if (missing === undefined) expect(said, JSON.stringify(data)).toBe(outcome);
        else expect(said, JSON.stringify(data)).toContain(`because ${missing} is not there`);
      }
    },
  );

  it('shows what explain says', () => {
    const index = examples.findIndex(isExplanation);
    const asked = examples[index - 1] as Example;
    const data = /^Asked about `(.+)` it says$/m.exec(asked.text)?.[1] as string;
    expect(explain(parse(asked.json), JSON.parse(data), NOW)).toEqual(examples[index]?.json);
  });

  it('has all operators in the rows of the types they compare', () => {
    for (const type of VALUE_TYPES) {
      const row = new RegExp(`^\\| ${type} \\| (.+) \\|$`, 'm').exec(GUIDE)?.[1] ?? '';
      const expected = OPERATOR_NAMES.filter((operator) => OPERATORS[operator].types.includes(type));
      expect([...row.matchAll(/`(\w+)`/g)].map(([, operator]) => operator).sort()).toEqual(expected.sort());
    }
  });

  it('has a row for every code of what is refused', () => {
    const rows = GUIDE.slice(GUIDE.indexOf('| code |')).split('\n\n')[0] ?? '';
    expect([...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)).toEqual([...PROBLEM_CODES]);
  });

  it.each([...OPERATOR_NAMES, ...DATE_UNITS, 'dateTime', 'caseSensitive'])('speaks of %s', (name) => {
    expect(GUIDE).toContain(`\`${name}\``);
  });
});
