import type { Template } from '../profile/template.ts';
import { hexEscape, type Shape, shapeOf } from './reference-shape.ts';

/** Those with a meaning in patterns, which a backslash takes from them in every language. */
const MEANING = /[.+*?|()[\]^$]/;
const PLAIN = /[A-Za-z0-9 ,=:;_-]/;

interface Part {
  /** What stands before the reference. */
  readonly text: string;
  readonly reference: string | null;
  readonly shape: Shape | null;
}

/**
 * A pattern whose group is what stands for a reference in a header made by a template. It is written so that every
 * language reads it alike, between quotes or slashes of any kind.
 *
 * @param signatures what all of them look like together
 * @returns null if it stands for the whole header; undefined if nobody could tell where it begins and ends
 */
export function patternOf(
  template: Template,
  reference: string,
  signatures: Shape,
): string | null | undefined {
  const parts = withoutOuterSpaces(template).map(({ text, reference: name }): Part => {
    const shape = name === null ? null : name === 'signatures' ? signatures : shapeOf(name);
    return { text, reference: name, shape };
  });
  const [first, last] = parts;
  if (parts.length === 2 && first?.reference === reference && first.text === '' && last?.text === '') {
    return null;
  }
  const at = parts.findIndex((part) => part.reference === reference);
  const own = parts[at]?.shape;
  if (!own) return undefined;
  const [isFoundFromLeft, isFoundFromRight] = [canReadTo(parts, at), canReadBackTo(parts, at)];
  const before = parts.slice(0, at).map(partPattern).join('') + escaped(parts[at]?.text ?? '');
  const after = parts
    .slice(at + 1)
    .map(partPattern)
    .join('');
  // What can be read from the left alone must not depend on what follows: that may be empty, or cut off with its spaces.
  if (isFoundFromLeft && endsBy(own, parts, at)) return `^${before}(${own.pattern})`;
  if (isFoundFromLeft && isFoundFromRight) return `^${before}(.*)${after}$`;
  if (isFoundFromRight && beginsBy(own, parts, at)) return `(${own.pattern})${after}$`;
  return undefined;
}

/** The spaces around a header's value are no part of it. */
function withoutOuterSpaces({ parts }: Template): Template['parts'] {
  return parts.map(({ text, reference }, index) => {
    const begun = index === 0 ? text.trimStart() : text;
    return { text: index === parts.length - 1 ? begun.trimEnd() : begun, reference };
  });
}

/** Whether everything before it ends where it can be seen. */
function canReadTo(parts: readonly Part[], at: number): boolean {
  return parts.slice(0, at).every(({ shape }, index) => shape === null || endsBy(shape, parts, index));
}

function canReadBackTo(parts: readonly Part[], at: number): boolean {
  return parts.every(({ shape }, index) => index <= at || shape === null || beginsBy(shape, parts, index));
}

/** Whether what follows can't be taken for more of it. */
function endsBy(shape: Shape, parts: readonly Part[], at: number): boolean {
  if (shape.ends) return true;
  const next = parts[at + 1];
  if (shape.chars === null || !next) return false;
  const [following] = next.text;
  if (following !== undefined) return !shape.chars.has(following);
  if (next.reference === null) return true;
  const { first } = next.shape ?? {};
  return first !== null && first !== undefined && !haveCommon(shape.chars, first);
}

/** Whether what stands before can't be taken for more of it. */
function beginsBy(shape: Shape, parts: readonly Part[], at: number): boolean {
  if (shape.chars === null) return false;
  const preceding = parts[at]?.text.at(-1);
  if (preceding !== undefined) return !shape.chars.has(preceding);
  if (at === 0) return true;
  const before = parts[at - 1]?.shape?.chars;
  return before !== null && before !== undefined && !haveCommon(shape.chars, before);
}

function haveCommon(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((one) => others.has(one));
}

function partPattern({ text, shape }: Part): string {
  return escaped(text) + (shape?.pattern ?? '');
}

function escaped(text: string): string {
  return [...text]
    .map((character) => {
      if (PLAIN.test(character)) return character;
      return MEANING.test(character) ? `\\${character}` : hexEscape(character);
    })
    .join('');
}
