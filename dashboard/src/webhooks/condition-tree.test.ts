import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/condition/condition.ts';
import { parseCondition } from '../../../src/condition/parse.ts';
import type { RuleDraft } from './condition-rules.ts';
import {
  conditionOf,
  isSimple,
  movedIn,
  movedOut,
  pathOf,
  removed,
  replaced,
  roomIn,
  treeOf,
  withGroup,
  withRule,
} from './condition-tree.ts';

const CONDITION: Condition = {
  mode: 'continue',
  all: [
    { field: 'order.total', operator: 'greaterThan', value: 100 },
    { field: 'order.country', operator: 'inList', value: ['SE', 'NO'] },
    { field: 'order.total', operator: 'between', value: [1, 2.5] },
    { field: 'order.rows', operator: 'isNotNull' },
    { field: 'order.isTest', operator: 'equals', value: false },
    { field: 'order.zip', operator: 'equals', value: '01234' },
  ],
};

describe('the rules of a condition', () => {
  it('come back as they were', () => {
    expect(isSimple(CONDITION)).toBe(true);
    expect(conditionOf(treeOf(CONDITION), 'continue')).toEqual(CONDITION);
  });

  it('leave what nobody touched as it was, whatever is changed beside it', () => {
    const kept: Condition = {
      mode: 'continue',
      all: [
        { field: 'order.city', operator: 'inList', value: ['Oslo, NO', 'Malmö'] },
        { field: 'order.code', operator: 'equals', value: '12' },
      ],
    };
    const added: RuleDraft = { field: 'order.total', operator: 'between', values: ['1', '2'] };
    const more = replaced(withRule(treeOf(kept), []), [2], added);
    expect(conditionOf(more, 'continue')).toEqual({
      mode: 'continue',
      all: [...kept.all, { field: 'order.total', operator: 'between', value: [1, 2] }],
    });
  });

  it('take a comma that is typed into an item of a list as a part of it', () => {
    const rule = { field: 'order.city', operator: 'inList', values: ['Oslo, NO', 'Bergen, NO'] } as const;
    expect(conditionOf({ join: 'any', members: [rule] }, 'stop')).toEqual({
      mode: 'stop',
      any: [{ field: 'order.city', operator: 'inList', value: ['Oslo, NO', 'Bergen, NO'] }],
    });
  });

  it('make a condition the API takes', () => {
    expect(parseCondition(conditionOf({ ...treeOf(CONDITION), join: 'any' }, 'stop'), '')).toHaveProperty(
      'condition',
    );
  });

  it('are none where every event passes', () => {
    expect(treeOf(null).members).toEqual([]);
    expect(conditionOf(treeOf(null), 'continue')).toBeNull();
  });

  it.each<[string, Condition]>([
    [
      'a date in a group',
      {
        mode: 'continue',
        all: [{ any: [{ field: 'a', operator: 'equals', date: { base: 'today' } } as never] }],
      },
    ],
    ['another property', { mode: 'continue', all: [{ field: 'a', operator: 'equals', property: 'b' }] }],
    ['a type', { mode: 'continue', all: [{ field: 'a', operator: 'equals', value: '1', type: 'text' }] }],
  ])('can not show %s', (_what, condition) => {
    expect(isSimple(condition)).toBe(false);
  });

  it.each([
    [{}],
    [5],
    ['all'],
    [[]],
    [{ mode: 'stop' }],
    [{ all: null }],
    [{ all: [null] }],
    [{ all: [{ field: 'a', operator: 'equals', value: null }] }],
  ])('can not show %j, which is no condition', (value) => {
    expect(isSimple(value)).toBe(false);
  });
});

/** Rules by their fields: `a & (b | c)`. */
function shown(tree: ReturnType<typeof treeOf>): string {
  const members = tree.members.map((one) => ('members' in one ? `(${shown(one)})` : one.field || '?'));
  return members.join(tree.join === 'all' ? ' & ' : ' | ');
}

const rule = (field: string) => ({ field, operator: 'isNull' }) as const;
// a & (b | c | (d & e))
const TREE = treeOf({
  mode: 'continue',
  all: [rule('a'), { any: [rule('b'), rule('c'), { all: [rule('d'), rule('e')] }] }],
});

describe('the path of a place', () => {
  it('is the one by which the API tells what is wrong there', () => {
    const tree = withGroup(withGroup(withRule(treeOf(CONDITION), []), []), [7]);
    const parsed = parseCondition(conditionOf(tree, 'continue'));
    const found = 'errors' in parsed ? parsed.errors.map(({ path }) => path) : [];
    const fresh = [[6], [7, 0], [7, 1, 0]].map((place) => `${pathOf(tree, place)}.field`);
    expect(fresh[2]).toBe('condition.all[7].any[1].all[0].field');
    expect(found.filter((path) => path.endsWith('.field'))).toEqual(fresh);
  });
});

describe('groups in groups', () => {
  it('come back as they were', () => {
    const condition = conditionOf(TREE, 'stop');
    expect(isSimple(condition)).toBe(true);
    expect(conditionOf(treeOf(condition), 'stop')).toEqual(condition);
    expect(parseCondition(condition)).toHaveProperty('condition');
  });

  it.each<[what: string, tree: ReturnType<typeof treeOf>, after: string]>([
    ['a rule is added to the outermost', withRule(TREE, []), 'a & (b | c | (d & e)) & ?'],
    ['a rule is added to the innermost', withRule(TREE, [1, 2]), 'a & (b | c | (d & e & ?))'],
    ['a group is added, which joins the other way', withGroup(TREE, [1]), 'a & (b | c | (d & e) | (?))'],
    ['a group is added to nothing', withGroup(treeOf(null), []), '(?)'],
    [
      'a rule becomes another',
      replaced(TREE, [1, 2, 0], { ...rule('x'), values: [] }),
      'a & (b | c | (x & e))',
    ],
    ['a rule is removed', removed(TREE, [1, 0]), 'a & (c | (d & e))'],
    ['a group is removed', removed(TREE, [1, 2]), 'a & (b | c)'],
    ['the last rule of a group is removed', removed(removed(TREE, [1, 2, 0]), [1, 2, 0]), 'a & (b | c)'],
    ['the last rule of all is removed', removed(withRule(treeOf(null), []), [0]), ''],
    [
      'a rule is moved into the group before it',
      movedIn(withRule(TREE, []), [2]),
      'a & (b | c | (d & e) | ?)',
    ],
    ['a rule is moved into a group of its own', movedIn(TREE, [0]), '(a) & (b | c | (d & e))'],
    ['a rule is moved out, behind its group', movedOut(TREE, [1, 2, 0]), 'a & (b | c | (e) | d)'],
    ['the last rule is moved out', movedOut(movedIn(TREE, [0]), [0, 0]), 'a & (b | c | (d & e))'],
    ['what is in no inner group is moved out', movedOut(TREE, [0]), shown(TREE)],
    ['what is not there is moved in', movedIn(TREE, [7]), shown(TREE)],
  ])('change where %s', (_what, tree, after) => {
    expect(shown(tree)).toBe(after);
  });

  it('go as deep as the API takes them, and hold as many rules', () => {
    let tree = treeOf(null);
    let depth: number[] = [];
    while (roomIn(tree, depth).group) {
      tree = withGroup(tree, depth);
      depth = [...depth, depth.length === 0 ? 0 : 1];
    }
    const deepest = conditionOf(nameAll(tree), 'continue');
    expect(parseCondition(deepest)).toHaveProperty('condition');
    expect(parseCondition({ all: [deepest && withoutMode(deepest)] })).toHaveProperty('errors');

    let wide = treeOf(null);
    while (roomIn(wide, []).rule) wide = withRule(wide, []);
    expect(parseCondition(conditionOf(nameAll(wide), 'continue'))).toHaveProperty('condition');
    expect(parseCondition(conditionOf(nameAll(withRule(wide, [])), 'continue'))).toHaveProperty('errors');
    expect(roomIn(wide, [])).toEqual({ rule: false, group: false });
  });
});

/** With a field in each rule, which somebody would have typed. */
function nameAll(tree: ReturnType<typeof treeOf>): ReturnType<typeof treeOf> {
  return {
    ...tree,
    members: tree.members.map((one) =>
      'members' in one ? nameAll(one) : { ...one, field: 'a', values: ['1'] },
    ),
  };
}

function withoutMode({ mode: _, ...group }: Condition): object {
  return group;
}
