import type { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsPackage from 'ajv-formats';
import { spend } from './budget.ts';
import { patternOf } from './known-patterns.ts';
import type { LinearPattern } from './linear-pattern/linear-pattern.ts';

type Judge = (text: string) => boolean;

// The package is CommonJS: its default export is the module or the function, by how it is loaded.
const addAll = (
  'default' in addFormatsPackage ? addFormatsPackage.default : addFormatsPackage
) as typeof addFormatsPackage.default;

/** No text that is longer is one of these. They look at a character more than once, or hand it to a parser that does. */
const MAX_CHARS: Readonly<Record<string, number>> = {
  hostname: 254,
  ipv4: 15,
  ipv6: 45,
  regex: 4_000,
  uuid: 45,
};
const CHARS_PER_STEP = 4;

let judges: ReadonlyMap<string, Judge> | undefined;

/** The formats of the vocabulary and a few more, none of which takes more time than grows with the text. */
export function addFormats(compiler: Ajv2020): void {
  addAll(compiler);
  // They don't depend on the schema.
  judges ??= judgesOf(compiler);
  for (const [name, judge] of judges) compiler.addFormat(name, judge);
}

/** Those of texts, each of which pays for what it looks at. */
function judgesOf({ formats }: Ajv2020): ReadonlyMap<string, Judge> {
  const all = Object.entries(formats).flatMap(([name, format]): [string, Judge][] => {
    const isOfText = typeof format !== 'object' || !format || !('type' in format) || format.type === 'string';
    const judge = name === 'url' ? isUrl : isOfText ? judgeOf(format) : undefined;
    return judge ? [[name, paid(judge, MAX_CHARS[name] ?? Number.POSITIVE_INFINITY)]] : [];
  });
  return new Map(all);
}

/** undefined: it takes any text. */
function judgeOf(format: Ajv2020['formats'][string]): Judge | undefined {
  if (format instanceof RegExp) return (text) => format.test(text);
  const judge = typeof format === 'object' && format && 'validate' in format ? format.validate : format;
  if (judge instanceof RegExp) return (text) => judge.test(text);
  return typeof judge === 'function' ? (judge as Judge) : undefined;
}

function paid(judge: Judge, maxChars: number): Judge {
  return (text) => {
    spend(1 + Math.floor(text.length / CHARS_PER_STEP));
    return text.length <= maxChars && judge(text);
  };
}

const BEFORE_HOST = '^(?:https?|ftp)://(?:[^\\s/]+@)?';
const AFTER_HOST = '(?::\\d{2,5})?(?:/\\S*)?$';
const LETTERS = 'a-z0-9\\u{a1}-\\u{ffff}';
const LABEL = `(?:[${LETTERS}]+-)*[${LETTERS}]+`;
const NAME = `${LABEL}(?:\\.${LABEL})*\\.[a-z\\u{a1}-\\u{ffff}]{2,}`;
const OCTET = '(?:1?\\d{1,2}|2[0-4]\\d|25[0-5])';
const ADDRESS = `(?:[1-9]\\d?|1\\d\\d|2[01]\\d|22[0-3])(?:\\.${OCTET}){2}\\.(?:[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-4])`;
const PRIVATE = '(?:(?:10|127)\\.\\d+|169\\.254|192\\.168|172\\.(?:1[6-9]|2\\d|3[01]))\\.\\d+\\.\\d+';

let url: { readonly any: LinearPattern; readonly private: LinearPattern } | undefined;

/** An address of the web that others can reach: not one of a private network (RFC 1918, RFC 3927). */
function isUrl(text: string): boolean {
  url ??= {
    any: linear(`${BEFORE_HOST}(?:${ADDRESS}|${NAME})${AFTER_HOST}`),
    private: linear(`${BEFORE_HOST}${PRIVATE}${AFTER_HOST}`),
  };
  return url.any.test(text) && !url.private.test(text);
}

function linear(source: string): LinearPattern {
  const pattern = patternOf(source, 'iu');
  if (typeof pattern === 'string') throw new Error(`The pattern ${source} ${pattern}.`);
  return pattern;
}
