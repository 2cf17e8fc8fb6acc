import type { Signature } from '../profile/profile.ts';
import type { Template } from '../profile/template.ts';
import { runOf, type Shape, shapeOf, signatureChars, union } from './reference-shape.ts';

type Part = Template['parts'][number];

/** What stands before and behind the signature. */
export function aroundSignature({ parts }: Template): [Template, Template] | undefined {
  const index = parts.findIndex(({ reference }) => reference === 'signature');
  const own = parts[index];
  if (!own) return undefined;
  const before = [...parts.slice(0, index), { text: own.text, reference: null }];
  return [{ parts: before }, { parts: parts.slice(index + 1) }];
}

/**
 * The same signature with the spaces around each moved out of it: to the separator, and to what stands around all of them.
 * A header loses its outer ones, so that the first and the last would be other texts than those between.
 *
 * @returns undefined if it can't be told where one ends, or whether there are such spaces
 */
export function withSpacesOutside(signature: Signature): Signature | undefined {
  const { each, value, separator } = signature;
  const [first, last] = [each.parts[0], each.parts.at(-1)];
  if (!first || !last || mayBeginWithSpace(each.parts) || mayEndWithSpace(each.parts)) return undefined;
  const [before, after] = [spacesBefore(first.text), spacesBehind(last.text)];
  const moved = {
    ...signature,
    each: changedEnds(
      each,
      (text) => text.trimStart(),
      (text) => text.trimEnd(),
    ),
    value: aroundSignatures(value, before, after),
    separator: after + separator + before,
  };
  return signature.secrets === 'first' || separates(moved) ? moved : undefined;
}

/** Whether a separator is found nowhere but between signatures. */
function separates({ separator, ...signature }: Signature): boolean {
  const { chars } = shapeOfAll({ ...signature, secrets: 'first', separator });
  return chars !== null && [...separator].some((one) => !chars.has(one));
}

/** What all signatures look like together. */
export function shapeOfAll({ each, encoding, secrets, separator }: Signature): Shape {
  const parts = each.parts.map(({ text, reference }) => {
    const chars = reference === 'signature' ? signatureChars(encoding) : charsOf(reference);
    return chars && union(text, chars);
  });
  if (parts.some((chars) => chars === null)) return shapeOf('');
  return runOf(union(secrets === 'all' ? separator : '', ...parts.map((chars) => chars ?? [])));
}

function charsOf(reference: string | null): ReadonlySet<string> | null {
  return reference === null ? new Set() : shapeOf(reference).chars;
}

/** Of what may be empty the space behind it would be the first character. */
function mayBeginWithSpace([first, second]: readonly Part[]): boolean {
  const isOpen = first?.text.trim() === '' && first.reference !== null && mayBeEmpty(first.reference);
  return (
    isOpen &&
    (second === undefined ||
      second.text.startsWith(' ') ||
      (second.text === '' && second.reference !== 'signature'))
  );
}

function mayEndWithSpace(parts: readonly Part[]): boolean {
  const [own, end] = parts.slice(-2);
  const isOpen =
    end?.text.trim() === '' && own !== undefined && own.reference !== null && mayBeEmpty(own.reference);
  return isOpen && (own.text.endsWith(' ') || own.text === '');
}

function mayBeEmpty(reference: string): boolean {
  return reference !== 'signature' && shapeOf(reference).first === null;
}

function spacesBefore(text: string): string {
  return text.slice(0, text.length - text.trimStart().length);
}

function spacesBehind(text: string): string {
  return text.slice(text.trimEnd().length);
}

type Change = (text: string) => string;

function changedEnds({ parts }: Template, begin: Change, end: Change): Template {
  return {
    parts: parts.map(({ text, reference }, index) => {
      const begun = index === 0 ? begin(text) : text;
      return { text: index === parts.length - 1 ? end(begun) : begun, reference };
    }),
  };
}

/** With spaces before and behind what stands for all signatures. */
function aroundSignatures({ parts }: Template, before: string, after: string): Template {
  return {
    parts: parts.map(({ text, reference }, index) => {
      const own = reference === 'signatures' ? text + before : text;
      return { text: parts[index - 1]?.reference === 'signatures' ? after + own : own, reference };
    }),
  };
}
