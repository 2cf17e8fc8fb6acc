import type { BodyText, BodyWriter } from './body.ts';
import type { Budget } from './budget.ts';
import { textOf } from './value-text.ts';

/** Plain text: everything as it is. */
export class PlainWriter implements BodyWriter {
  readonly #body: BodyText;
  readonly #budget: Budget;

  constructor(body: BodyText, budget: Budget) {
    this.#body = body;
    this.#budget = budget;
  }

  literal(text: string): void {
    this.#body.push(text);
  }

  value(value: unknown): void {
    this.#body.push(textOf(value, this.#budget));
  }

  end(): string {
    return this.#body.end();
  }
}
