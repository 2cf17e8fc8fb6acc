/** What has become of something, for programs. */
export const CHANGES = [
  'gone',
  'renamed',
  'moved',
  'new',
  'optional',
  'required',
  'nullable',
  'never_null',
  'type_changed',
  'type_widened',
  'type_narrowed',
  'values_added',
  'values_removed',
  'limit_loosened',
  'limit_tightened',
  'rule_changed',
  'rule_added',
  'meaning_changed',
  'description_changed',
  'deprecated',
  'not_compared',
] as const;
export type Change = (typeof CHANGES)[number];

/** One difference between what receivers got and what they get. */
export interface Finding {
  /** `order.created: items[].sku`, `header webhook-id`; of two schemas `items[].sku`, empty for the whole. */
  readonly path: string;
  readonly change: Change;
  /** undefined: there was nothing. */
  readonly from: unknown;
  /** undefined: there is nothing. */
  readonly to: unknown;
  /** Whether a receiver that relied on the old may fail on the new. */
  readonly breaking: boolean;
  /** What has changed, in words that follow the path. */
  readonly message: string;
  /** Of a rule: the keyword that says it, such as `maxLength`. */
  readonly keyword?: string;
}

/** Findings of a comparison say where they are from there on. */
export const HERE = '';

/** The path of what is at a place below another: `items[]` and `sku` are `items[].sku`. */
export function joinPath(place: string, path: string): string {
  const isName = path !== '' && !/^[.[]/.test(path);
  return place !== '' && isName ? `${place}.${path}` : place + path;
}

type Details = readonly [change: Change, message: string, from?: unknown, to?: unknown];

/** A difference a receiver may fail on. */
export function breaks(path: string, ...[change, message, from, to]: Details): Finding {
  return { path, change, from, to, breaking: true, message };
}

/** A difference receivers needn't notice. */
export function keeps(path: string, ...[change, message, from, to]: Details): Finding {
  return { path, change, from, to, breaking: false, message };
}

/** A difference in what one keyword says. */
export function ofKeyword(keyword: string, finding: Finding): Finding {
  return { ...finding, keyword };
}

/** Whether one of them breaks receivers. */
export function isBreaking(findings: readonly Finding[]): boolean {
  return findings.some(({ breaking }) => breaking);
}

/** Whether two names differ in nothing but case and punctuation: `order_id` and `orderId`. */
export function haveSameLetters(one: string, other: string): boolean {
  return lettersOf(one) === lettersOf(other) && lettersOf(one) !== '';
}

/** What is left of a name without case and punctuation; empty: nothing that would tell it from another. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** `"a", "b" or "c"`, as JSON. */
export function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  const last = texts.pop() ?? 'nothing';
  return texts.length === 0 ? last : `${texts.join(', ')} or ${last}`;
}
