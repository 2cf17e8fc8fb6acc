import type { Instruction } from './program.ts';

// Of characters, of which a hostile text has a million.
const MAX_REMEMBERED = 1_000;

/** Tells which of the characters a program waits for another one is. */
export class Characters {
  /** By the place in the program: which of the judges decides there. */
  readonly #judgeAt: Int32Array;
  /** The engine at hand, for one character at a time, so that each means exactly what it does there. */
  readonly #judges: readonly RegExp[];
  readonly #known = new Map<number, Uint8Array>();

  constructor(program: readonly Instruction[], flags: string) {
    const bySource = new Map<string, number>();
    this.#judgeAt = Int32Array.from(program, (one) => {
      if (one.kind !== 'character') return -1;
      const index = bySource.get(one.source) ?? bySource.size;
      bySource.set(one.source, index);
      return index;
    });
    this.#judges = [...bySource.keys()].map((source) => new RegExp(`^(?:${source})$`, flags));
  }

  /** How many are told from each other. */
  get count(): number {
    return this.#judges.length;
  }

  /** @returns whether the character is what is waited for at a place of the program */
  fitting(code: number): (place: number) => boolean {
    const fits = this.#known.get(code) ?? this.#judge(code);
    return (place) => fits[this.#judgeAt[place] as number] === 1;
  }

  #judge(code: number): Uint8Array {
    const text = String.fromCodePoint(code);
    const fits = Uint8Array.from(this.#judges, (judge) => (judge.test(text) ? 1 : 0));
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(code, fits);
    return fits;
  }
}
