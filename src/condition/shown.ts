/** A value in words, for people who ask why. */
export interface Shown {
  readonly kind: 'missing' | 'null' | 'text' | 'number' | 'boolean' | 'list' | 'object';
  readonly text: string;
  /** Of a list: how many items it has, and those there is room for. */
  readonly list?: { readonly count: number; readonly items: string };
}

const MAX_SHOWN_LENGTH = 200;

export const EMPTY_LIST = 'an empty list';

/** @param value from JSON, of any size and depth: only a little of it is looked at */
export function show(value: unknown): Shown {
  if (value === undefined) return { kind: 'missing', text: 'not there' };
  if (value === null) return { kind: 'null', text: 'null' };
  if (typeof value === 'string') return { kind: 'text', text: quote(value) };
  if (Array.isArray(value)) {
    return { kind: 'list', text: showList(value), list: { count: value.length, items: enumerate(value) } };
  }
  if (typeof value === 'object') return { kind: 'object', text: 'an object' };
  return { kind: typeof value === 'number' ? 'number' : 'boolean', text: String(value) };
}

/** Items as far as there is room for them: `("SE", "NO", …)`. */
export function enumerate(items: readonly unknown[]): string {
  let text = '';
  for (const item of items) {
    const next = typeof item === 'object' && item !== null ? '…' : show(item).text;
    if (text.length + next.length > MAX_SHOWN_LENGTH) return `(${text}${text === '' ? '' : ', '}…)`;
    text += text === '' ? next : `, ${next}`;
  }
  return `(${text})`;
}

function showList(list: readonly unknown[]): string {
  if (list.length === 0) return EMPTY_LIST;
  const count = list.length === 1 ? 'a list of 1 item' : `a list of ${list.length} items`;
  return `${count} ${enumerate(list)}`;
}

function quote(text: string): string {
  if (text.length <= MAX_SHOWN_LENGTH) return JSON.stringify(text);
  // A cut may go through the middle of a character, which JSON would write as an escape.
  const cut = text.slice(0, MAX_SHOWN_LENGTH).replace(/[\ud800-\udbff]$/, '');
  return JSON.stringify(`${cut}…`);
}
