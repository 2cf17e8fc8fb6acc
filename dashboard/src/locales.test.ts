import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const LOCALES = new URL('./locales/', import.meta.url);

function texts(language: string): Map<string, string> {
  const files = readdirSync(new URL(`${language}/`, LOCALES));
  return new Map(
    files.flatMap((file) =>
      flat(
        JSON.parse(readFileSync(new URL(`${language}/${file}`, LOCALES), 'utf8')),
        file.replace('.json', ''),
      ),
    ),
  );
}

function flat(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([name, member]) => flat(member, `${path}.${name}`));
}

/** Without the API's own text, which is English: other languages have words in its place, if need be with its values. */
const placeholders = (path: string, text: string) => {
  const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  return API_TEXTS.some((file) => path.startsWith(`${file}.`)) ? [] : names;
};

/** These are filled by words/, which passes over words that name what isn't there. */
const API_TEXTS = ['problems', 'failures', 'explanations', 'alerts.texts', 'warnings', 'templates'];

describe('the languages of the dashboard', () => {
  const english = texts('en');
  const swedish = texts('sv');

  it('have the same texts, none of them empty', () => {
    expect([...swedish.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...english, ...swedish].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('name the same values in each text', () => {
    for (const [path, text] of english) {
      expect(placeholders(path, swedish.get(path) ?? ''), path).toEqual(placeholders(path, text));
    }
  });
});
