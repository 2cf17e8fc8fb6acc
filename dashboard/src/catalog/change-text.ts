import type { VersionChange } from '../../../src/manage/version-changes.ts';

/** A sentence of `catalog.changes.what`, and what stands in it. */
export interface Sentence {
  readonly key: SentenceKey;
  readonly values?: {
    readonly [Name in 'from' | 'to' | 'type' | 'presence' | 'keyword' | 'message']?: string;
  };
}

type SentenceKey =
  | 'new'
  | 'newNames'
  | 'gone'
  | 'renamed'
  | 'optional'
  | 'required'
  | 'nullable'
  | 'neverNull'
  | 'type'
  | 'wider'
  | 'narrower'
  | 'fewerForms'
  | 'valuesAdded'
  | 'valuesSwapped'
  | 'valuesFree'
  | 'valuesNew'
  | 'valuesRemoved'
  | 'valuesFixed'
  | 'rule'
  | 'ruleAdded'
  | 'ruleGone'
  | 'ruleOther'
  | 'meaning'
  | 'description'
  | 'deprecated'
  | 'notCompared'
  | 'other';

/** What a sentence needs of the language it is in. */
export interface Words {
  /** Of a type, or several joined by "or". */
  type(text: string): string;
  readonly optional: string;
  readonly always: string;
}

type Part = Pick<VersionChange, 'change' | 'keyword' | 'from' | 'to' | 'message'>;

/** Says what has changed, but for where. */
export function sentenceOf(change: Part, words: Words): Sentence {
  return plainSentence(change) ?? withValues(change, words);
}

const PLAIN: Partial<Record<VersionChange['change'], SentenceKey>> = {
  gone: 'gone',
  optional: 'optional',
  required: 'required',
  nullable: 'nullable',
  never_null: 'neverNull',
  description_changed: 'description',
  deprecated: 'deprecated',
  not_compared: 'notCompared',
};

function plainSentence({ change }: Part): Sentence | undefined {
  const key = PLAIN[change];
  return key && { key };
}

function withValues(part: Part, words: Words): Sentence {
  const { change, from, to } = part;
  const types = { from: words.type(String(from)), to: words.type(String(to)) };
  switch (change) {
    case 'new':
      return newSentence(to, words);
    case 'renamed':
      return { key: 'renamed', values: { to: String(to) } };
    case 'type_changed':
      return { key: 'type', values: types };
    case 'type_widened':
      return { key: 'wider', values: types };
    case 'type_narrowed':
      return typeof to === 'number' ? { key: 'fewerForms' } : { key: 'narrower', values: types };
    case 'values_added':
    case 'values_removed':
      return valuesSentence(change, from, to);
    case 'meaning_changed':
      return { key: 'meaning' };
    default:
      return ruleSentence(part);
  }
}

function newSentence(to: unknown, words: Words): Sentence {
  if (typeof to !== 'object' || to === null) return { key: 'newNames' };
  const { type, required } = to as { type: string; required: boolean };
  const presence = required ? words.always : words.optional;
  return { key: 'new', values: { type: words.type(type), presence } };
}

function valuesSentence(change: 'values_added' | 'values_removed', from: unknown, to: unknown): Sentence {
  const [gone, fresh] = [listText(from), listText(to)];
  if (change === 'values_removed') {
    return gone === ''
      ? { key: 'valuesFixed', values: { to: fresh } }
      : { key: 'valuesRemoved', values: { from: gone } };
  }
  if (fresh === '') return { key: 'valuesFree', values: { from: gone } };
  if (from === null) return { key: 'valuesNew', values: { to: fresh } };
  return gone === ''
    ? { key: 'valuesAdded', values: { to: fresh } }
    : { key: 'valuesSwapped', values: { from: gone, to: fresh } };
}

function ruleSentence({ keyword, from, to, message }: Part): Sentence {
  if (keyword === null) return { key: 'other', values: { message } };
  const [was, is] = [from, to].map((value) => (value === keyword ? null : value));
  const isWhole = from === keyword || to === keyword;
  if (isWhole && from === to) return { key: 'ruleOther', values: { keyword } };
  if (from === null) return { key: 'ruleAdded', values: { keyword, to: behind(is) } };
  if (to === null) return { key: 'ruleGone', values: { keyword, from: behind(was) } };
  return { key: 'rule', values: { keyword, from: valueText(was), to: valueText(is) } };
}

/** What a rule asks for, behind its name; nothing where that is a schema of its own. */
function behind(value: unknown): string {
  return value === null ? '' : ` ${valueText(value)}`;
}

function listText(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Why a receiver may fail: what it looks for isn't there, it gets what it never got, or nobody can tell. */
export function reasonOf({ change, breaking }: Pick<VersionChange, 'change' | 'breaking'>) {
  if (!breaking) return undefined;
  if (MISSING.has(change)) return 'missing';
  return UNCLEAR.has(change) ? 'unclear' : 'unknown';
}

const MISSING: ReadonlySet<string> = new Set(['gone', 'renamed', 'moved', 'optional']);
const UNCLEAR: ReadonlySet<string> = new Set(['rule_changed', 'meaning_changed', 'not_compared']);
