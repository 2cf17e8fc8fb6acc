import { Characters } from './characters.ts';
import { parsePattern } from './parse-pattern.ts';
import { type Instruction, writeProgram } from './program.ts';

/** Told how much work has been done, in steps; it may throw to end it. */
export type OnWork = (steps: number) => void;

/** Tells whether a text holds a match, in time that grows with the text alone, whatever the text is. */
export interface LinearPattern {
  test(text: string): boolean;
  /** How much it remembers of texts it has seen: stands, their threads, and where they lead. */
  readonly remembered: number;
}

/** Where all threads stand between two characters, and where they go from there. */
interface Stand {
  readonly threads: readonly number[];
  /** Of the character before; undefined: there is none. */
  readonly afterWord: boolean | undefined;
  /** By the next character, if that is ASCII; the others. */
  readonly next: (Stand | undefined)[];
  readonly nextBeyond: Map<number, Stand>;
  foundAtEnd: boolean | undefined;
}

const END = -1;
const FOUND: Stand = { threads: [], afterWord: undefined, next: [], nextBeyond: new Map(), foundAtEnd: true };

/** What is remembered of one pattern at most; hostile texts could make it grow without end. */
export const MAX_REMEMBERED = 60_000;
const CHARS_PER_STEP = 4;
const STEPS_PER_STAND = 4;

/**
 * Compiles a pattern of ECMAScript.
 *
 * @param flags `u` and `i` mean what they do there
 * @returns the pattern, or what in it keeps it from being matched in linear time
 * @throws SyntaxError if it isn't one
 */
export function compilePattern(source: string, flags: string, onWork: OnWork): LinearPattern | string {
  new RegExp(source, flags);
  const tree = parsePattern(source);
  if (typeof tree === 'string') return tree;
  const program = writeProgram(tree);
  if (!program) return 'is too long with its repetitions written out';
  return new Matching(program, flags, onWork);
}

/** Remembers each stand it has been at, so that a text which looks like earlier ones is a walk from one to the next. */
class Matching implements LinearPattern {
  readonly #program: readonly Instruction[];
  readonly #isUnicode: boolean;
  readonly #onWork: OnWork;
  readonly #characters: Characters;
  readonly #stands = new Map<string, Stand>();
  /** The round in which a place of the program was reached last. */
  readonly #reachedIn: Uint32Array;
  #round = 0;
  #begin: Stand | undefined;
  #remembered = 0;

  constructor(program: readonly Instruction[], flags: string, onWork: OnWork) {
    this.#program = program;
    this.#isUnicode = flags.includes('u');
    this.#onWork = onWork;
    this.#characters = new Characters(program, flags);
    this.#reachedIn = new Uint32Array(program.length);
  }

  get remembered(): number {
    return this.#remembered;
  }

  test(text: string): boolean {
    this.#begin ??= this.#standAt([0], undefined);
    let stand = this.#begin;
    let at = 0;
    while (at < text.length && stand !== FOUND) {
      const code = this.#isUnicode ? (text.codePointAt(at) as number) : text.charCodeAt(at);
      const next = code < 128 ? stand.next[code] : stand.nextBeyond.get(code);
      stand = next ?? this.#advance(stand, code);
      at += code > 0xffff ? 2 : 1;
    }
    this.#onWork(1 + Math.floor(at / CHARS_PER_STEP));
    stand.foundAtEnd ??= this.#reach(stand, END) === undefined;
    return stand.foundAtEnd;
  }

  #advance(stand: Stand, code: number): Stand {
    const next = this.#after(stand, code);
    if (code < 128) stand.next[code] = next;
    else stand.nextBeyond.set(code, next);
    // Characters there are a million of, and each may lead from each stand.
    this.#remembered += 1;
    if (this.#remembered > MAX_REMEMBERED) this.#forget();
    return next;
  }

  #after(stand: Stand, code: number): Stand {
    const waiting = this.#reach(stand, code);
    if (!waiting) return FOUND;
    const fits = this.#characters.fitting(code);
    // A match may begin after any character.
    const threads = [0];
    for (const place of waiting) if (fits(place)) threads.push(place + 1);
    this.#onWork(STEPS_PER_STAND + threads.length);
    return this.#standAt(threads, isWord(code));
  }

  /** Which characters are waited for, once all that takes none has been gone along; undefined: a match is found. */
  #reach({ threads, afterWord }: Stand, code: number): number[] | undefined {
    const edge = (afterWord === true) !== isWord(code);
    this.#round += 1;
    const open = [...threads];
    const waiting: number[] = [];
    let reached = 0;
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.#reachedIn[place] === this.#round) continue;
      this.#reachedIn[place] = this.#round;
      reached += 1;
      const one = this.#program[place] as Instruction;
      if (one.kind === 'found') return undefined;
      if (one.kind === 'split') for (const to of one.to) open.push(to);
      else if (one.kind === 'character') waiting.push(place);
      else if (passes(one.kind, afterWord === undefined, code === END, edge)) open.push(place + 1);
    }
    this.#onWork(1 + reached);
    return waiting;
  }

  #standAt(threads: number[], afterWord: boolean | undefined): Stand {
    threads.sort((a, b) => a - b);
    const key = `${afterWord ?? ''} ${threads.join()}`;
    const known = this.#stands.get(key);
    if (known) return known;
    this.#remembered += threads.length + 10;
    if (this.#remembered > MAX_REMEMBERED) this.#forget();
    const made = { threads, afterWord, next: [], nextBeyond: new Map(), foundAtEnd: undefined };
    this.#stands.set(key, made);
    return made;
  }

  #forget(): void {
    // They lead to each other: all of them would stay as long as one does.
    for (const stand of this.#stands.values()) {
      stand.next.length = 0;
      stand.nextBeyond.clear();
    }
    this.#stands.clear();
    this.#begin = undefined;
    this.#remembered = 0;
  }
}

function passes(
  kind: 'start' | 'end' | 'wordEdge' | 'noWordEdge',
  isStart: boolean,
  isEnd: boolean,
  isEdge: boolean,
): boolean {
  if (kind === 'start') return isStart;
  if (kind === 'end') return isEnd;
  return (kind === 'wordEdge') === isEdge;
}

/** One of `\w`. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}
