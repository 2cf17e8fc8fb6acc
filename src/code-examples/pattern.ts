import type { Template } from '../profile/template.ts';

/** Those with a meaning in patterns, which a backslash takes from them in every language. */
const MEANING = /[.+*?|()[\]^$]/;
const PLAIN = /[A-Za-z0-9 ,=:;_-]/;

/**
 * A pattern whose group is what stands for a reference in a text made by a template. It is written so that every language
 * reads it alike, between quotes or slashes of any kind.
 *
 * @returns null if it stands for the whole text
 */
export function patternOf({ parts }: Template, reference: string): string | null {
  const [first, last] = parts;
  if (parts.length === 2 && first?.reference === reference && first.text === '' && last?.text === '') {
    return null;
  }
  let found = false;
  const pieces = parts.map((part) => {
    const text = [...part.text].map(escaped).join('');
    if (part.reference === null) return text;
    if (found || part.reference !== reference) return `${text}.*?`;
    found = true;
    return `${text}(.*?)`;
  });
  return `^${pieces.join('')}$`;
}

function escaped(character: string): string {
  if (PLAIN.test(character)) return character;
  if (MEANING.test(character)) return `\\${character}`;
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
