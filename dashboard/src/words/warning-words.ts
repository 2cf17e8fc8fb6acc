import type en from '../locales/en/warnings.json';
import { textsOf, type Values, type Words, wordsFor } from './own-words.ts';
import type { Said } from './said.ts';

export type WarningTexts = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Words;
};

/** Something an event breaks of what its type promises, as the API tells it. */
export interface Warning {
  readonly rule: string;
  readonly message: string;
  /** Absent: there are none, or they were not kept. */
  readonly params?: Values;
}

/** What an event breaks, in the viewer's language: a phrase that follows the path of what it is about. */
export function warningText(warning: Warning): Said {
  const texts = textsOf<WarningTexts>('warnings');
  const types = textsOf<{ readonly types: Words }>('catalog')?.types;
  return texts ? warningWords(texts, types ?? {}, warning) : { text: warning.message };
}

/**
 * @param types what kinds of values are called
 * @returns a general phrase around the API's own text where a rule has no words, or its values were not kept
 */
export function warningWords(
  texts: WarningTexts,
  types: Words,
  { rule, message, params = {} }: Warning,
): Said {
  const values = { ...params, types: typeNames(texts, types, params.types) };
  const own = wordsFor(texts.rules, rule, kindOf(params), values);
  if (own === undefined) {
    const text = filled(texts.unknown, { message });
    return text === undefined ? { text: message } : { text, foreign: message };
  }
  const said = params.of === 'name' ? (filled(texts.ofName, { said: own }) ?? own) : own;
  return {
    text:
      filled(texts.ofVersionOf, { ...params, said }) ?? filled(texts.ofVersion, { ...params, said }) ?? said,
  };
}

/** What tells apart the things one rule says. */
function kindOf({ why, format, limit, least }: Values): string | undefined {
  const [kind] = [why, format].filter((one) => typeof one === 'string');
  if (typeof kind === 'string') return kind;
  return limit === 1 || least === 1 ? 'one' : undefined;
}

/** `string, null` as the viewer calls them. */
function typeNames({ or }: WarningTexts, types: Words, names: Values[string]): string | undefined {
  if (typeof names !== 'string') return undefined;
  const named = names.split(', ').map((name) => (Object.hasOwn(types, name) ? types[name] : name));
  return named.length < 2 ? named[0] : `${named.slice(0, -1).join(', ')} ${or} ${named.at(-1)}`;
}

function filled(text: string, values: Values): string | undefined {
  return wordsFor({ text }, 'text', undefined, values);
}
