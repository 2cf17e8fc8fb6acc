import type { ExplainedRule as ExplainedCondition } from '../../../src/condition/explain.ts';
import type { ShownOperand } from '../../../src/condition/sentence.ts';
import type { Shown } from '../../../src/condition/shown.ts';
import type en from '../locales/en/explanations.json';
import { textsOf, type Values, type Words, wordsFor } from './own-words.ts';

export type ExplanationTexts = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Words;
};

/** One thing that must hold for a webhook to get an event, as the API tells it. */
export interface Rule {
  readonly rule: string;
  readonly holds: boolean;
  readonly sentence: string;
  readonly code: string;
  readonly params: Values;
  readonly found?: ExplainedCondition;
}

/** What a rule says, in the viewer's language. */
export function ruleText(rule: Rule): string {
  const texts = textsOf<ExplanationTexts>('explanations');
  return texts === undefined ? rule.sentence : ruleWords(texts, rule);
}

/** What a rule of a condition has found, in the viewer's language. */
export function conditionText(rule: ExplainedCondition): string {
  const texts = textsOf<ExplanationTexts>('explanations');
  return texts === undefined ? rule.sentence : conditionWords(texts, rule);
}

/** @returns the API's own sentence for a code that has no words */
export function ruleWords(texts: ExplanationTexts, { code, params, sentence, found }: Rule): string {
  const more = typeof params.more === 'number' && params.more > 0;
  const names = more ? fill(texts.more, params) : params.names;
  const values = { ...params, names, message: sentence, sentence: found && conditionWords(texts, found) };
  return wordsFor(texts.rules, code, undefined, values) ?? sentence;
}

/** @returns the API's own sentence where a word for something in it is missing */
export function conditionWords(texts: ExplanationTexts, rule: ExplainedCondition): string {
  const { holds, sentence, field, found, operator, parts } = rule;
  const named = { field: field === '' ? texts.data : field, message: sentence };
  if (holds === 'error') return fill(texts.undecided, named) ?? sentence;
  const value = withDay(texts, shown(texts, found), parts.day);
  if (saysItself(rule)) return fill(texts.is, { ...named, found: value }) ?? sentence;
  const operand = parts.list ?? joined(texts, parts.operands);
  const phrase = wordsFor(texts.operators, operator, holds ? 'holds' : 'fails', { operand });
  const misfit = parts.misfit && misfitWords(texts, parts.misfit);
  const values = { ...named, found: value, phrase, misfit };
  return fill(parts.misfit === null ? texts.compared : texts.because, values) ?? sentence;
}

/** "Is true, which is true" would be odd. */
function saysItself({ operator, holds, found }: ExplainedCondition): boolean {
  if (operator === 'isNull' || operator === 'isNotNull') return found.kind === 'null';
  if (operator === 'isEmpty' || operator === 'isNotEmpty') return found.list?.count === 0;
  return holds === true && found.kind === 'boolean' && (operator === 'isTrue' || operator === 'isFalse');
}

function shown({ found }: ExplanationTexts, { kind, text, list }: Shown): string {
  const key = kind === 'boolean' ? text : list?.count === 0 ? 'emptyList' : kind;
  return wordsFor(found, key, undefined, { ...list }) ?? text;
}

function withDay(texts: ExplanationTexts, value: string, day: string | null): string {
  return day === null ? value : (fill(texts.day, { value, day }) ?? value);
}

/** Both ends of a range, or the one operand there is. */
function joined(texts: ExplanationTexts, operands: readonly ShownOperand[]): string | undefined {
  const [first, second] = operands.map((one) => operandWords(texts, one));
  return second === undefined ? first : fill(texts.and, { first, second });
}

function operandWords(texts: ExplanationTexts, operand: ShownOperand): string | undefined {
  if ('date' in operand) {
    const { base, plus, unit } = operand.date;
    const counted = plus === 0 ? '' : ` ${plus < 0 ? '−' : '+'} ${Math.abs(plus)} ${texts.units[unit]}`;
    return fill(texts.property, { property: `${texts.bases[base]}${counted}`, value: operand.counted });
  }
  const value = shown(texts, operand.value);
  if (!('property' in operand)) return value;
  return fill(texts.property, { property: operand.property, value: withDay(texts, value, operand.day) });
}

function misfitWords(
  texts: ExplanationTexts,
  { property, wants }: NonNullable<ExplainedCondition['parts']['misfit']>,
): string | undefined {
  return wordsFor(texts.misfits, wants, undefined, { side: property ?? texts.it });
}

function fill(text: string, values: Values): string | undefined {
  return wordsFor({ text }, 'text', undefined, values);
}
