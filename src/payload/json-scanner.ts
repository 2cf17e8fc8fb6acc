import { isJsonNumber } from './data.ts';

/**
 * Where in a JSON text one stands:
 * before a value, or before the first one of a list, which may also end;
 * before a name, or before the first one of an object, which may also end;
 * before a colon; after a value; in a number, true, false or null; in a string, after its backslash, in its \u0000.
 */
export type JsonState =
  | 'value'
  | 'first-value'
  | 'name'
  | 'first-name'
  | 'colon'
  | 'after'
  | 'scalar'
  | 'string'
  | 'backslash'
  | 'hexadecimal';

/** What a character has been, as far as the writer must know. */
export type Scanned = 'comma' | 'close' | 'other';

const EXPECTED = {
  value: 'a value',
  'first-value': 'a value or a closing bracket',
  name: 'a name in quotes',
  'first-name': 'a name in quotes or a closing brace',
  colon: 'a colon',
  after: 'a comma or a closing bracket',
  string: 'a closing quote',
  backslash: 'one of " \\ / b f n r t u',
  hexadecimal: 'a hexadecimal digit',
  nothing: 'nothing more',
} as const;

/** What may stand at a place: the same for programs, and in words. */
export interface Wanted {
  readonly name: keyof typeof EXPECTED;
  readonly words: string;
}

/** Follows a JSON text (RFC 8259) character by character. A comma before a closing bracket is let through. */
export class JsonScanner {
  state: JsonState = 'value';
  readonly #open: ('{' | '[')[] = [];
  #stringIsName = false;
  #hexDigits = 0;
  #scalar = '';
  #afterComma = false;

  /** What may stand here. */
  get wanted(): Wanted {
    const name = this.#isDone ? 'nothing' : this.state === 'scalar' ? 'value' : this.state;
    return { name, words: EXPECTED[name] };
  }

  /** @returns what the character has been; undefined if it can't stand here */
  next(character: string): Scanned | undefined {
    switch (this.state) {
      case 'string':
        return this.#inString(character);
      case 'backslash':
        return this.#afterBackslash(character);
      case 'hexadecimal':
        return this.#inHexadecimal(character);
      case 'scalar':
        return this.#inScalar(character);
      default:
        return isSpace(character) ? 'other' : this.#structure(character);
    }
  }

  /** A whole string, list or object stands here. */
  takeWhole(isString: boolean): boolean {
    if (isString && this.#mayBeName) this.state = 'colon';
    else if (this.#mayBeValue) this.state = 'after';
    else return false;
    this.#afterComma = false;
    return true;
  }

  /** @returns whether the text is complete */
  end(): boolean {
    if (this.state === 'scalar' && !this.#endScalar()) return false;
    return this.#isDone;
  }

  get #isDone(): boolean {
    return this.state === 'after' && this.#open.length === 0;
  }

  get #mayBeName(): boolean {
    return this.state === 'name' || this.state === 'first-name';
  }

  get #mayBeValue(): boolean {
    return this.state === 'value' || this.state === 'first-value';
  }

  #structure(character: string): Scanned | undefined {
    if (character === '}' || character === ']') return this.#close(character);
    if (character === ',') return this.#comma();
    if (character === ':') {
      if (this.state !== 'colon') return undefined;
      this.state = 'value';
      return 'other';
    }
    if (character === '"') return this.#openString();
    if (!this.#mayBeValue) return undefined;
    this.#afterComma = false;
    if (character === '{' || character === '[') {
      this.#open.push(character);
      this.state = character === '{' ? 'first-name' : 'first-value';
    } else {
      if (!isScalarCharacter(character)) return undefined;
      this.#scalar = character;
      this.state = 'scalar';
    }
    return 'other';
  }

  #openString(): Scanned | undefined {
    if (!this.#mayBeName && !this.#mayBeValue) return undefined;
    this.#stringIsName = this.#mayBeName;
    this.#afterComma = false;
    this.state = 'string';
    return 'other';
  }

  #close(character: string): Scanned | undefined {
    const isObject = character === '}';
    if (this.#open.at(-1) !== (isObject ? '{' : '[')) return undefined;
    const first = isObject ? 'first-name' : 'first-value';
    if (this.state !== 'after' && this.state !== first && !this.#afterComma) return undefined;
    this.#open.pop();
    this.#afterComma = false;
    this.state = 'after';
    return 'close';
  }

  #comma(): Scanned | undefined {
    if (this.state !== 'after' || this.#open.length === 0) return undefined;
    this.state = this.#open.at(-1) === '{' ? 'name' : 'value';
    this.#afterComma = true;
    return 'comma';
  }

  #inString(character: string): Scanned | undefined {
    if (character === '"') this.state = this.#stringIsName ? 'colon' : 'after';
    else if (character === '\\') this.state = 'backslash';
    else if (character < ' ') return undefined;
    return 'other';
  }

  #afterBackslash(character: string): Scanned | undefined {
    if (!'"\\/bfnrtu'.includes(character)) return undefined;
    this.state = character === 'u' ? 'hexadecimal' : 'string';
    this.#hexDigits = 0;
    return 'other';
  }

  #inHexadecimal(character: string): Scanned | undefined {
    if (!/[\da-f]/i.test(character)) return undefined;
    this.#hexDigits += 1;
    if (this.#hexDigits === 4) this.state = 'string';
    return 'other';
  }

  #inScalar(character: string): Scanned | undefined {
    if (isScalarCharacter(character)) {
      this.#scalar += character;
      return 'other';
    }
    return this.#endScalar() ? this.next(character) : undefined;
  }

  #endScalar(): boolean {
    const text = this.#scalar;
    if (text !== 'true' && text !== 'false' && text !== 'null' && !isJsonNumber(text)) return false;
    this.state = 'after';
    return true;
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

function isScalarCharacter(character: string): boolean {
  return /[\w.+-]/.test(character);
}
