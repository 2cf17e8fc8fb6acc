import { PayloadFailure } from './failure.ts';

/**
 * Takes a template's own text and the values it prints, in their order, and makes a body of one MIME type of them.
 * An offset says where in the template something stands. A writer throws a PayloadFailure as soon as what it is
 * given can't become a valid body.
 */
export interface BodyWriter {
  /** Text of the template, as it is. */
  literal(text: string, offset: number): void;
  /** A value, escaped for the place where it lands. */
  value(value: unknown, offset: number): void;
  /** The finished body. */
  end(offset: number): string;
}

/** The text of a body while it grows, no longer than allowed. */
export class BodyText {
  readonly #pieces: string[] = [];
  readonly #maxBytes: number;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** @returns the number of the piece, for `drop` */
  push(text: string): number {
    this.#length += text.length;
    if (this.#length > this.#maxBytes) throw this.#tooLarge();
    return this.#pieces.push(text) - 1;
  }

  drop(piece: number): void {
    this.#pieces[piece] = '';
  }

  end(): string {
    const text = this.#pieces.join('');
    // A character is one to four bytes, so most bodies needn't be measured.
    if (text.length * 4 > this.#maxBytes && Buffer.byteLength(text) > this.#maxBytes) throw this.#tooLarge();
    return text;
  }

  #tooLarge(): PayloadFailure {
    const message = `The body is larger than ${this.#maxBytes} bytes.`;
    return new PayloadFailure('body_too_large', message, null, { most: this.#maxBytes });
  }
}
