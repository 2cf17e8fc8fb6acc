import {
  type Condition,
  type Group,
  isGroup,
  type Member,
  membersOf,
} from '../../../src/condition/condition.ts';
import { MAX_NESTING, MAX_RULES, parseCondition } from '../../../src/condition/parse.ts';
import { draftOf, isPlain, type RuleDraft, ruleOf } from './condition-rules.ts';

export type Join = 'all' | 'any';

/** A group as it stands in the builder. */
export interface GroupDraft {
  readonly join: Join;
  readonly members: readonly MemberDraft[];
}

export type MemberDraft = RuleDraft | GroupDraft;

/** Where a member stands: its place in the outermost group, in the group that stands there, and so on. Empty: that group. */
export type Place = readonly number[];

const NOTHING: GroupDraft = { join: 'all', members: [] };
const FRESH_RULE: RuleDraft = { field: '', operator: 'equals', values: [] };

export function isGroupDraft(member: MemberDraft): member is GroupDraft {
  return 'members' in member;
}

/** Whether this is a condition the builder can show: groups of plain rules. All else is edited as JSON. */
export function isSimple(condition: unknown): condition is Condition | null {
  if (condition === null) return true;
  const parsed = parseCondition(condition);
  return 'condition' in parsed && hasPlainRules(parsed.condition);
}

function hasPlainRules(group: Group): boolean {
  return membersOf(group)[1].every((member) => (isGroup(member) ? hasPlainRules(member) : isPlain(member)));
}

export function treeOf(condition: Condition | null): GroupDraft {
  return condition === null ? NOTHING : groupDraftOf(condition);
}

function groupDraftOf(group: Group): GroupDraft {
  const [join, members] = membersOf(group);
  return { join, members: members.map((one) => (isGroup(one) ? groupDraftOf(one) : draftOf(one))) };
}

/** @returns null where there are no rules: then every event passes */
export function conditionOf(tree: GroupDraft, mode: Condition['mode']): Condition | null {
  return tree.members.length === 0 ? null : { mode, ...groupOf(tree) };
}

function groupOf({ join, members }: GroupDraft): Group {
  const made: Member[] = members.map((one) => (isGroupDraft(one) ? groupOf(one) : ruleOf(one)));
  return join === 'all' ? { all: made } : { any: made };
}

/** Puts something else in the place of what stands there. */
export function replaced(tree: GroupDraft, place: Place, next: MemberDraft): GroupDraft {
  return spliced(tree, place, 1, [next]);
}

/** Without what stands there, nor the groups that would be left with nothing. */
export function removed(tree: GroupDraft, place: Place): GroupDraft {
  const next = spliced(tree, place, 1, []);
  const above = place.slice(0, -1);
  const isEmpty = above.length > 0 && groupAt(next, above)?.members.length === 0;
  return isEmpty ? removed(next, above) : next;
}

/** With a rule more at the end of a group. */
export function withRule(tree: GroupDraft, group: Place): GroupDraft {
  return appended(tree, group, FRESH_RULE);
}

/** With a group more at the end of a group. It joins the other way: else it would say nothing that the outer one doesn't. */
export function withGroup(tree: GroupDraft, group: Place): GroupDraft {
  const join = groupAt(tree, group)?.join ?? 'all';
  return appended(tree, group, { join: otherJoin(join), members: [FRESH_RULE] });
}

/** With a member in the group before it; in one of its own where there is none. */
export function movedIn(tree: GroupDraft, place: Place): GroupDraft {
  const [above, index] = split(place);
  const group = groupAt(tree, above);
  const member = group?.members[index];
  if (!group || !member) return tree;
  const before = group.members[index - 1];
  if (before && isGroupDraft(before)) {
    const joined = { ...before, members: [...before.members, member] };
    return spliced(tree, [...above, index - 1], 2, [joined]);
  }
  return replaced(tree, place, { join: otherJoin(group.join), members: [member] });
}

/** With a member behind the group it stands in. */
export function movedOut(tree: GroupDraft, place: Place): GroupDraft {
  const [above] = split(place);
  const member = memberAt(tree, place);
  if (!member || above.length === 0) return tree;
  const [outer, index] = split(above);
  const behind = spliced(tree, [...outer, index + 1], 0, [member]);
  return removed(behind, place);
}

/** What the API calls a place, as in `condition.all[1].any[0]`. */
export function pathOf(tree: GroupDraft, place: Place): string {
  const steps = place.map((index, depth) => {
    const join = groupAt(tree, place.slice(0, depth))?.join ?? 'all';
    return `.${join}[${index}]`;
  });
  return ['condition', ...steps].join('');
}

/** What can be done at a place of which the API sets the bounds. */
export function roomIn(tree: GroupDraft, group: Place): { readonly rule: boolean; readonly group: boolean } {
  const rule = countRules(tree) < MAX_RULES;
  // The outermost group counts as well.
  return { rule, group: rule && group.length + 1 < MAX_NESTING };
}

function countRules({ members }: GroupDraft): number {
  return members.reduce((sum, one) => sum + (isGroupDraft(one) ? countRules(one) : 1), 0);
}

function otherJoin(join: Join): Join {
  return join === 'all' ? 'any' : 'all';
}

function split(place: Place): readonly [above: Place, index: number] {
  return [place.slice(0, -1), place.at(-1) ?? 0];
}

function memberAt(tree: GroupDraft, place: Place): MemberDraft | undefined {
  const [above, index] = split(place);
  return groupAt(tree, above)?.members[index];
}

function groupAt(tree: GroupDraft, place: Place): GroupDraft | undefined {
  return place.reduce<GroupDraft | undefined>((group, index) => {
    const member = group?.members[index];
    return member && isGroupDraft(member) ? member : undefined;
  }, tree);
}

function appended(tree: GroupDraft, group: Place, member: MemberDraft): GroupDraft {
  return spliced(tree, [...group, groupAt(tree, group)?.members.length ?? 0], 0, [member]);
}

function spliced(
  tree: GroupDraft,
  [index = 0, ...below]: Place,
  count: number,
  members: readonly MemberDraft[],
): GroupDraft {
  if (below.length === 0) return { ...tree, members: tree.members.toSpliced(index, count, ...members) };
  const inner = tree.members[index];
  if (!inner || !isGroupDraft(inner)) return tree;
  return { ...tree, members: tree.members.with(index, spliced(inner, below, count, members)) };
}
