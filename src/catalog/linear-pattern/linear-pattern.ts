import { Characters } from './characters.ts';
import { parsePattern } from './parse-pattern.ts';
import { type Instruction, writeProgram } from './program.ts';

/** Told of work, in steps. */
export interface Meter {
  /**
   * @param steps the same for the same texts of a judgement, whatever is remembered of earlier ones; it may throw to
   *   end it
   * @param worked how many of them were work, and not remembered
   */
  spend(steps: number, worked: number): void;
  /** Another one for each value that is judged. */
  readonly judgement: object;
}

/** Tells whether a text holds a match, in time that grows with the text alone, whatever the text is. */
export interface LinearPattern {
  test(text: string): boolean;
  /** How long it is, with its repetitions written out. */
  readonly instructions: number;
  /** How much it remembers of texts it has seen: stands, their threads, and where they lead. */
  readonly remembered: number;
}

/** Where all threads stand between two characters, and where they go from there. */
interface Stand {
  readonly threads: readonly number[];
  /** Of the character before; undefined: there is none. */
  readonly afterWord: boolean | undefined;
  /** By the next character, if that is ASCII; the others, and the end. */
  readonly next: (Way | undefined)[];
  readonly nextBeyond: Map<number, Way>;
  /** The judgement that was here last, by its number. */
  usedIn: number;
}

/** From one stand to the next. */
interface Way {
  readonly to: Stand;
  /** What finding it has taken. */
  readonly steps: number;
  /** The judgement that has paid for it last, by its number. */
  paidIn: number;
}

// What is noted for each place has 32 bits.
const MAX_ROUND = 2 ** 32 - 1;
const END = -1;

/** What is remembered of one pattern at most; hostile texts could make it grow without end. */
export const MAX_REMEMBERED = 60_000;
// Of which a judgement uses no more than half, whatever was there before: so when it begins anew depends on it alone.
const MAX_USED = MAX_REMEMBERED / 2;
const CHARS_PER_STEP = 4;
const STEPS_PER_WAY = 4;
const CHARACTERS_PER_STEP = 8;
const STEPS_AT_ONCE = 500;
const SIZE_OF_STAND = 10;

/**
 * Compiles a pattern of ECMAScript.
 *
 * @param flags `u` and `i` mean what they do there
 * @returns the pattern, or what in it keeps it from being matched in linear time
 * @throws SyntaxError if it isn't one
 */
export function compilePattern(source: string, flags: string, meter: Meter): LinearPattern | string {
  new RegExp(source, flags);
  const tree = parsePattern(source);
  if (typeof tree === 'string') return tree;
  const program = writeProgram(tree);
  if (!program) return 'is too long with its repetitions written out';
  return new Matching(program, flags, meter);
}

/**
 * Remembers each stand it has been at, so that a text which looks like earlier ones is a walk from one to the next. Each
 * judgement pays for each way once, whether it is new or remembered, so that its steps depend on its texts alone.
 */
class Matching implements LinearPattern {
  readonly #program: readonly Instruction[];
  readonly #isUnicode: boolean;
  readonly #meter: Meter;
  readonly #characters: Characters;
  readonly #stands = new Map<string, Stand>();
  /** The round in which a place of the program was reached last. */
  readonly #reachedIn: Uint32Array;
  readonly #found = standOf([], undefined);
  readonly #notFound = standOf([], undefined);
  #round = 0;
  #begin: Stand | undefined;
  #remembered = 0;
  /** What of it the present judgement has used. */
  #used = 0;
  /** What the meter isn't told of yet. */
  #owed = 0;
  #worked = 0;
  #judgement: object | undefined;
  #judgementNumber = 0;

  constructor(program: readonly Instruction[], flags: string, meter: Meter) {
    this.#program = program;
    this.#isUnicode = flags.includes('u');
    this.#meter = meter;
    this.#characters = new Characters(program, flags);
    this.#reachedIn = new Uint32Array(program.length);
  }

  get instructions(): number {
    return this.#program.length;
  }

  get remembered(): number {
    return this.#remembered;
  }

  test(text: string): boolean {
    if (this.#judgement !== this.#meter.judgement) this.#beginJudgement();
    this.#begin ??= this.#standAt([0], undefined);
    let stand = this.#begin;
    let at = 0;
    while (at < text.length && stand !== this.#found) {
      const code = this.#isUnicode ? (text.codePointAt(at) as number) : text.charCodeAt(at);
      stand = this.#follow(stand, code);
      at += code > 0xffff ? 2 : 1;
    }
    const isFound = stand === this.#found || this.#follow(stand, END) === this.#found;
    const steps = 1 + Math.floor(at / CHARS_PER_STEP);
    this.#owe(steps, steps);
    this.#settle();
    return isFound;
  }

  #beginJudgement(): void {
    this.#judgement = this.#meter.judgement;
    this.#judgementNumber += 1;
    this.#used = 0;
    if (this.#remembered > MAX_REMEMBERED - MAX_USED) this.#forget();
  }

  #follow(stand: Stand, code: number): Stand {
    const known = code >= 0 && code < 128 ? stand.next[code] : stand.nextBeyond.get(code);
    const way = known ?? this.#explore(stand, code);
    if (way.paidIn !== this.#judgementNumber) this.#pay(way, known === undefined);
    return way.to;
  }

  #explore(stand: Stand, code: number): Way {
    const { waiting, reached } = this.#reach(stand, code);
    const threads = [0];
    let to = waiting ? this.#notFound : this.#found;
    if (waiting && code !== END) {
      const fits = this.#characters.fitting(code);
      // A match may begin after any character.
      for (const place of waiting) if (fits(place)) threads.push(place + 1);
      to = this.#standAt(threads, isWord(code));
    }
    const characters = Math.floor(this.#characters.count / CHARACTERS_PER_STEP);
    const way = { to, steps: STEPS_PER_WAY + reached + threads.length + characters, paidIn: 0 };
    if (code >= 0 && code < 128) stand.next[code] = way;
    else stand.nextBeyond.set(code, way);
    // Characters there are a million of, and each may lead from each stand.
    this.#remembered += 1;
    return way;
  }

  #pay(way: Way, isNew: boolean): void {
    way.paidIn = this.#judgementNumber;
    this.#used += 1;
    if (way.to.usedIn !== this.#judgementNumber) {
      way.to.usedIn = this.#judgementNumber;
      this.#used += way.to.threads.length + SIZE_OF_STAND;
    }
    if (this.#used > MAX_USED) this.#forget();
    this.#owe(way.steps, isNew ? way.steps : 1);
  }

  #owe(steps: number, worked: number): void {
    this.#owed += steps;
    this.#worked += worked;
    if (this.#owed >= STEPS_AT_ONCE) this.#settle();
  }

  #settle(): void {
    const [steps, worked] = [this.#owed, this.#worked];
    this.#owed = 0;
    this.#worked = 0;
    this.#meter.spend(steps, worked);
  }

  /** Which characters are waited for, once all that takes none has been gone along; undefined: a match is found. */
  #reach({ threads, afterWord }: Stand, code: number): { waiting?: number[]; reached: number } {
    const edge = (afterWord === true) !== isWord(code);
    if (this.#round === MAX_ROUND) {
      this.#reachedIn.fill(0);
      this.#round = 0;
    }
    this.#round += 1;
    const open = [...threads];
    const waiting: number[] = [];
    let reached = 0;
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (this.#reachedIn[place] === this.#round) continue;
      this.#reachedIn[place] = this.#round;
      reached += 1;
      const one = this.#program[place] as Instruction;
      if (one.kind === 'found') return { reached };
      if (one.kind === 'split') for (const to of one.to) open.push(to);
      else if (one.kind === 'character') waiting.push(place);
      else if (passes(one.kind, afterWord === undefined, code === END, edge)) open.push(place + 1);
    }
    return { waiting, reached };
  }

  #standAt(threads: number[], afterWord: boolean | undefined): Stand {
    threads.sort((a, b) => a - b);
    const key = `${afterWord ?? ''} ${threads.join()}`;
    const known = this.#stands.get(key);
    if (known) return known;
    this.#remembered += threads.length + SIZE_OF_STAND;
    const made = standOf(threads, afterWord);
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
    this.#used = 0;
  }
}

function standOf(threads: readonly number[], afterWord: boolean | undefined): Stand {
  return { threads, afterWord, next: [], nextBeyond: new Map(), usedIn: 0 };
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
