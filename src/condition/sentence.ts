import { kindOf, type Operand, operandsOf, type Rule } from './condition.ts';
import { type DateVariable, formatDate, parseDate, resolveDate } from './date-value.ts';
import { describeMisfit, type Misfit, misfitOf } from './misfit.ts';
import { OPERATORS, type Operator } from './operators.ts';
import { valueAt } from './path.ts';
import { EMPTY_LIST, enumerate, type Shown, show } from './shown.ts';
import { isError, type Truth } from './truth.ts';

/** What a rule compares with: a value, what stands at another path, or a date that was counted out. */
export type ShownOperand =
  | { readonly value: Shown }
  | { readonly property: string; readonly value: Shown; readonly day: string | null }
  | { readonly date: Required<DateVariable>; readonly counted: string };

/** What a rule has found and compared, in words; `operand` is null where there is none. */
export interface RuleInWords {
  readonly found: Shown;
  readonly operand: string | null;
  readonly sentence: string;
  /** The same in parts, for whoever words it in another language. */
  readonly parts: {
    /** As which day (UTC) a date was compared that has a time; null: it wasn't. */
    readonly day: string | null;
    readonly operands: readonly ShownOperand[];
    /** Of a list of operands. */
    readonly list: string | null;
    readonly misfit: Misfit | null;
  };
}

/**
 * Says what a rule has found: "order.total is 12.5, which is not greater than 100."
 *
 * @param truth what the rule's test has said
 */
export function describeRule(rule: Rule, truth: Truth, data: unknown, nowMs: number): RuleInWords {
  const value = valueAt(rule.field, data);
  const found = show(value);
  const operand = describeOperands(rule, data, nowMs);
  const misfit = misfitOf(rule, value, data);
  const parts = partsOf(rule, value, misfit, data, nowMs);
  if (isError(truth)) return { found, operand, parts, sentence: truth.message };
  const name = rule.field === '' ? 'The data' : rule.field;
  const phrase = phraseOf(rule.operator, truth, found);
  // "order.paid is true, which is true" would be odd, and so would an empty list that is empty.
  if (phrase === `is ${found.text}` || (phrase === 'is empty' && found.text === EMPTY_LIST)) {
    return { found, operand, parts, sentence: `${name} is ${found.text}.` };
  }
  const which = operand === null ? phrase : `${phrase} ${operand}`;
  const because = misfit === undefined ? '' : `: ${describeMisfit(misfit)}`;
  const sentence = `${name} is ${found.text}${describeDay(rule, value)}, which ${which}${because}.`;
  return { found, operand, parts, sentence };
}

function partsOf(
  rule: Rule,
  value: unknown,
  misfit: Misfit | undefined,
  data: unknown,
  nowMs: number,
): RuleInWords['parts'] {
  const operands = operandsOf(rule);
  const form = OPERATORS[rule.operator].operand;
  return {
    day: comparedDay(rule, value) ?? null,
    operands:
      form === 'none' || form === 'list' ? [] : operands.map((one) => shownOf(one, rule, data, nowMs)),
    list: form === 'list' ? enumerate(operands) : null,
    misfit: misfit ?? null,
  };
}

function shownOf(operand: Operand, rule: Rule, data: unknown, nowMs: number): ShownOperand {
  if (typeof operand !== 'object') return { value: show(operand) };
  if ('property' in operand) {
    const value = valueAt(operand.property, data);
    return { property: operand.property, value: show(value), day: comparedDay(rule, value) ?? null };
  }
  const { base, plus = 0, unit = 'days' } = operand.date;
  const counted = formatDate(resolveDate(operand.date, nowMs), rule.compare ?? 'date');
  return { date: { base, plus, unit }, counted };
}

function phraseOf(operator: Operator, truth: boolean, found: Shown): string {
  const phrase = OPERATORS[operator].words[truth ? 0 : 1];
  return found.kind === 'missing' ? phrase.replace(/^is (null|empty)$/, 'counts as $1') : phrase;
}

function describeOperands(rule: Rule, data: unknown, nowMs: number): string | null {
  const operands = operandsOf(rule);
  const form = OPERATORS[rule.operator].operand;
  if (form === 'none') return null;
  if (form === 'list') return `the list ${enumerate(operands)}`;
  return operands.map((operand) => describeOperand(operand, rule, data, nowMs)).join(' and ');
}

function describeOperand(operand: Operand, rule: Rule, data: unknown, nowMs: number): string {
  if (typeof operand !== 'object') return show(operand).text;
  if ('property' in operand) {
    const value = valueAt(operand.property, data);
    return `${operand.property} (${show(value).text}${describeDay(rule, value)})`;
  }
  const date = formatDate(resolveDate(operand.date, nowMs), rule.compare ?? 'date');
  return `${describeVariable(operand.date)} (${date})`;
}

function describeVariable({ base, plus = 0, unit = 'days' }: DateVariable): string {
  if (plus === 0) return base;
  const amount = Math.abs(plus);
  return `${base} ${plus < 0 ? '-' : '+'} ${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

function describeDay(rule: Rule, value: unknown): string {
  const day = comparedDay(rule, value);
  return day === undefined ? '' : ` (${day} in UTC)`;
}

/** Which day a date with a time is compared as, since that isn't always the one written in it. */
function comparedDay(rule: Rule, value: unknown): string | undefined {
  if (kindOf(rule) !== 'date' || OPERATORS[rule.operator].operand === 'none') return undefined;
  const ms = typeof value === 'string' ? parseDate(value) : undefined;
  if (ms === undefined) return undefined;
  const counted = formatDate(ms, rule.compare ?? 'date');
  return counted === value ? undefined : counted;
}
