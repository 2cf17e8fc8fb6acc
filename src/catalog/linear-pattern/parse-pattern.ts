/** A regular expression taken apart, as far as it can be matched in time that grows with the text alone. */
export type PatternNode =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: 'start' | 'end' | 'wordEdge' | 'noWordEdge' };

const REPEATED = /\{(\d+)(,(\d*))?\}/y;
const NAMED_GROUP = /\(\?<[^=!][^>]*>/y;
// A pair of escaped surrogates is one character, and so is whatever else a backslash begins.
const ESCAPE =
  /\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[\s\S])/uy;
const CHARACTER_SET = /\[(?:\\[\s\S]|[^\]\\])*\]/uy;

/**
 * Takes a pattern of ECMAScript apart, which is known to be one.
 *
 * @returns the tree, or what in it can't be matched in linear time
 */
export function parsePattern(source: string): PatternNode | string {
  const reader = new PatternReader(source);
  const node = reader.either();
  return reader.problem ?? node;
}

class PatternReader {
  problem: string | undefined;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  either(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'either', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      parts.push(this.#repeated(this.#part()));
    }
    return { kind: 'sequence', parts };
  }

  #part(): PatternNode {
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    if (this.#take('\\b')) return { kind: 'wordEdge' };
    if (this.#take('\\B')) return { kind: 'noWordEdge' };
    if (this.#source[this.#at] === '(') return this.#group();
    if (/^\\(?:[1-9]|k<)/.test(this.#source.slice(this.#at, this.#at + 3))) {
      this.problem ??= 'refers back to a group';
    }
    const escaped = this.#match(ESCAPE) ?? this.#match(CHARACTER_SET);
    if (escaped) return { kind: 'character', source: escaped[0] };
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return { kind: 'character', source: character };
  }

  #group(): PatternNode {
    if (!this.#take('(?:') && !this.#match(NAMED_GROUP)) {
      this.#take('(');
      if (this.#take('?')) this.problem ??= this.#problemOfGroup();
    }
    const inner = this.either();
    this.#take(')');
    return inner;
  }

  #problemOfGroup(): string {
    const rest = this.#source.slice(this.#at);
    if (/^[=!]/.test(rest)) return 'looks ahead';
    return /^<[=!]/.test(rest) ? 'looks behind' : 'changes flags inside of it';
  }

  /** With what says how often; a lazy one matches the same texts. */
  #repeated(part: PatternNode): PatternNode {
    const [min, max] = this.#counts() ?? [1, 1];
    if (min === 1 && max === 1) return part;
    this.#take('?');
    return { kind: 'repeat', part, min, max };
  }

  #counts(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    const counted = this.#match(REPEATED);
    if (!counted) return undefined;
    const min = Number(counted[1]);
    if (counted[2] === undefined) return [min, min];
    return [min, counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3])];
  }

  #take(text: string): boolean {
    const found = this.#source.startsWith(text, this.#at);
    if (found) this.#at += text.length;
    return found;
  }

  #match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#source);
    if (found) this.#at += found[0].length;
    return found ?? undefined;
  }
}
