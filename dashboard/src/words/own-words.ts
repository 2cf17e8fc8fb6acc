import i18next from 'i18next';

/** Values that stand in a text, by the names its words have for them. */
export type Values = Readonly<Record<string, string | number | null | undefined>>;

/** Words by the codes of the API; a code that has several kinds has words of its own for each: `invalid/colon`. */
export type Words = Readonly<Record<string, string>>;

/**
 * Words something the API says in the viewer's language, by its stable code. The API itself speaks English.
 *
 * @param kind tells apart what one code says of different things; undefined: nothing does
 * @param values `message` is the API's own text, for words that repeat it
 * @returns undefined where there are no words for the code, or not all the values they name
 */
export function wordsFor(
  words: Words,
  code: string,
  kind: string | undefined,
  values: Values,
): string | undefined {
  for (const key of kind === undefined ? [code] : [`${code}/${kind}`, code]) {
    // The codes come from the server: `constructor` has no words.
    const text = Object.hasOwn(words, key) ? filled(words[key] as string, values) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A text with its values; undefined if it names one that isn't there. */
function filled(text: string, values: Values): string | undefined {
  let whole = true;
  const made = text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null) whole = false;
    return String(value);
  });
  return whole && made !== '' ? made : undefined;
}

/** The texts of one file of the language in use; nothing until it has been read. */
export function textsOf<File extends object>(file: string): File | undefined {
  const bundle = i18next.getResourceBundle(i18next.language, 'translation') as
    | Readonly<Record<string, File>>
    | undefined;
  return bundle?.[file];
}
