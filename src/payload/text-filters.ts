import { createHash } from 'node:crypto';
import type { Budget } from './budget.ts';
import { type Filter, textFilter, toCount } from './filter.ts';
import { sought } from './search.ts';
import { textOf } from './value-text.ts';

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

export const textFilters: Readonly<Record<string, Filter>> = {
  append: textFilter((text, added = '') => text + added),
  prepend: textFilter((text, added = '') => added + text),
  upcase: textFilter((text) => text.toUpperCase()),
  downcase: textFilter((text) => text.toLowerCase()),
  capitalize: textFilter((text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  strip: textFilter((text) => text.trim()),
  lstrip: textFilter((text) => text.trimStart()),
  rstrip: textFilter((text) => text.trimEnd()),
  squish: textFilter((text) => text.trim().replace(/\s+/g, ' ')),
  strip_newlines: textFilter((text) => text.replace(/\r?\n/g, '')),
  newline_to_br: textFilter((text) => text.replace(/\r?\n/g, '<br />\n')),
  strip_html: textFilter(stripTags),
  escape: textFilter((text) => text.replace(/[&<>"']/g, (found) => HTML[found] ?? found)),
  escape_once: textFilter((text) =>
    text.replace(/&(?:amp|lt|gt|#34|#39);|[&<>"']/g, (found) => HTML[found] ?? found),
  ),
  replace: replaceFilter((text, old, replacement) => text.replaceAll(old, () => replacement)),
  replace_first: replaceFilter((text, old, replacement) => text.replace(old, () => replacement)),
  replace_last: replaceFilter(replaceLast),
  remove: replaceFilter((text, old) => text.replaceAll(old, '')),
  remove_first: replaceFilter((text, old) => text.replace(old, '')),
  remove_last: replaceFilter((text, old) => replaceLast(text, old, '')),
  url_encode: textFilter((text) => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+')),
  url_decode: textFilter(decodeUrl),
  base64_encode: textFilter((text) => Buffer.from(text).toString('base64')),
  base64_decode: textFilter((text) => Buffer.from(text, 'base64').toString()),
  sha256: textFilter((text) => createHash('sha256').update(text).digest('hex')),
  split,
  truncate,
  truncatewords: truncateWords,
};

/** What a text grows by when a longer one replaces parts of it is paid for before it is made. */
function replaceFilter(change: (text: string, old: string, replacement: string) => string): Filter {
  return (input, [old, replacement = ''], budget) => {
    const text = textOf(input, budget);
    const searched = sought(textOf(old, budget));
    if (searched === '') return text;
    const put = textOf(replacement, budget);
    if (put.length > searched.length) budget.spend(growth(text, searched, put));
    return change(text, searched, put);
  };
}

function growth(text: string, old: string, replacement: string): number {
  let count = 0;
  for (let at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length)) count += 1;
  return count * (replacement.length - old.length);
}

function replaceLast(text: string, old: string, replacement: string): string {
  const at = text.lastIndexOf(old);
  return at < 0 ? text : text.slice(0, at) + replacement + text.slice(at + old.length);
}

/** By hand: a regular expression would look for the end of each "<" anew. */
function stripTags(text: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('<', from);
    const end = start < 0 ? -1 : text.indexOf('>', start);
    if (end < 0) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + 1;
  }
}

/** A text that isn't URL-encoded stays as it is. */
function decodeUrl(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Trailing empty parts are left out, as Liquid does. */
function split(input: unknown, [separator]: readonly unknown[], budget: Budget): readonly string[] {
  const text = textOf(input, budget);
  const parts = text.split(sought(textOf(separator, budget)));
  budget.spend(parts.length * 8);
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1);
}

function truncate(input: unknown, [length, ellipsis]: readonly unknown[], budget: Budget): string {
  const characters = Array.from(textOf(input, budget));
  const end = ellipsis === undefined ? '...' : textOf(ellipsis, budget);
  const most = Math.max(toCount(length, 50), 0);
  if (characters.length <= most) return characters.join('');
  return characters.slice(0, Math.max(most - Array.from(end).length, 0)).join('') + end;
}

function truncateWords(input: unknown, [count, ellipsis]: readonly unknown[], budget: Budget): string {
  const text = textOf(input, budget);
  const end = ellipsis === undefined ? '...' : textOf(ellipsis, budget);
  const words = text.trim().split(/\s+/);
  const most = Math.max(toCount(count, 15), 1);
  return words.length <= most ? text : words.slice(0, most).join(' ') + end;
}
