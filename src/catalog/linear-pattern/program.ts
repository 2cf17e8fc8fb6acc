import type { PatternNode } from './parse-pattern.ts';

/** Where a thread of the matching stands. Numbers are places in the program. */
export type Instruction =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'split'; readonly to: readonly number[] }
  | { readonly kind: 'start' | 'end' | 'wordEdge' | 'noWordEdge' }
  | { readonly kind: 'found' };

// A repetition is written out: nested ones multiply.
export const MAX_INSTRUCTIONS = 20_000;

/**
 * Writes a pattern out as steps that threads can go along side by side
 * (Thompson's construction, https://swtch.com/~rsc/regexp/regexp2.html).
 *
 * @returns undefined if it would be too long
 */
export function writeProgram(node: PatternNode): readonly Instruction[] | undefined {
  const program: Instruction[] = [];

  const add = (instruction: Instruction): number => {
    if (program.length >= MAX_INSTRUCTIONS) throw TOO_LONG;
    return program.push(instruction) - 1;
  };
  /** A place to go on from in several ways, which are told once they are known. */
  const fork = (): { at: number; to: number[] } => {
    const to: number[] = [];
    return { at: add({ kind: 'split', to }), to };
  };

  const write = (part: PatternNode): void => {
    switch (part.kind) {
      case 'sequence':
        part.parts.forEach(write);
        return;
      case 'either':
        writeEither(part.options);
        return;
      case 'repeat':
        writeRepeat(part.part, part.min, part.max);
        return;
      default:
        add(part);
    }
  };

  const writeEither = (options: readonly PatternNode[]): void => {
    const begin = fork();
    const ends = options.map((option) => {
      begin.to.push(program.length);
      write(option);
      return fork();
    });
    for (const { to } of ends) to.push(program.length);
  };

  const writeRepeat = (part: PatternNode, min: number, max: number): void => {
    for (let count = 0; count < min; count += 1) writeCounted(part);
    if (max === Number.POSITIVE_INFINITY) {
      const begin = fork();
      begin.to.push(program.length);
      write(part);
      fork().to.push(begin.at);
      begin.to.push(program.length);
      return;
    }
    const exits: number[][] = [];
    for (let count = min; count < max; count += 1) {
      const choice = fork();
      choice.to.push(program.length);
      exits.push(choice.to);
      writeCounted(part);
    }
    for (const to of exits) to.push(program.length);
  };

  /** Even if there is nothing in it, so that a count can't be beyond all bounds. */
  const writeCounted = (part: PatternNode): void => {
    fork().to.push(program.length);
    write(part);
  };

  try {
    write(node);
    add({ kind: 'found' });
    return program;
  } catch (error) {
    if (error === TOO_LONG) return undefined;
    throw error;
  }
}

const TOO_LONG = new Error('The program is too long.');
