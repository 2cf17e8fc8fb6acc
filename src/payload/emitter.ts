import type { Emitter } from 'liquidjs';
import type { BodyWriter } from './body.ts';
import type { Budget } from './budget.ts';
import { textOf } from './value-text.ts';

/** A value that a template prints, in contrast to a string, which is the template's own text. */
export class Printed {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Hands what the tags write on to the writer of the body, and tells it from where in the template it comes. */
export class BodyEmitter implements Emitter {
  readonly buffer = '';
  /** Where in the template the tag stands that writes now. */
  offset = 0;
  readonly #writer: BodyWriter;

  constructor(writer: BodyWriter) {
    this.#writer = writer;
  }

  write(written: unknown): void {
    if (written instanceof Printed) this.#writer.value(written.value, this.offset);
    else this.#writer.literal(String(written), this.offset);
  }
}

/** Collects what stands in a capture, unescaped: it is escaped when it is printed. */
export class CaptureEmitter implements Emitter {
  buffer = '';
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  write(written: unknown): void {
    this.buffer += textOf(written instanceof Printed ? written.value : written, this.#budget);
  }
}
