import { toValue } from 'liquidjs';
import type { BodyText, BodyWriter } from './body.ts';
import type { Budget } from './budget.ts';
import { JsonText, WrittenNumber } from './data.ts';
import { PayloadFailure } from './failure.ts';
import { JsonScanner } from './json-scanner.ts';
import { jsonOf, textOf } from './value-text.ts';

/**
 * JSON. Everything written so far decides how a value is written: inside a string as its content, anywhere else as
 * a JSON value. The text is checked while it grows, so that an error is found where the template makes it.
 */
export class JsonWriter implements BodyWriter {
  readonly #body: BodyText;
  readonly #budget: Budget;
  readonly #scanner = new JsonScanner();
  #comma: number | undefined;

  constructor(body: BodyText, budget: Budget) {
    this.#body = body;
    this.#budget = budget;
  }

  literal(text: string, offset: number): void {
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      const found = this.#scanner.next(character);
      if (found === undefined) throw this.#unexpected(character, offset + at);
      if (found === 'comma') {
        this.#body.push(text.slice(start, at));
        this.#comma = this.#body.push(',');
        start = at + 1;
      } else if (found === 'close' || !isBlank(character)) {
        this.#settleComma(found === 'close');
      }
    }
    this.#body.push(text.slice(start));
  }

  value(given: unknown, offset: number): void {
    const { state } = this.#scanner;
    if (state === 'string') {
      this.#body.push(JSON.stringify(textOf(given, this.#budget)).slice(1, -1));
    } else if (state === 'backslash' || state === 'hexadecimal') {
      throw new PayloadFailure('output_misplaced', "An output can't follow a backslash.", offset);
    } else {
      this.#writeValue(toValue(given), offset);
    }
  }

  end(offset: number): string {
    if (!this.#scanner.end()) {
      if (this.#body.isEmpty) throw invalid('The template yields nothing, where a JSON value is due', offset);
      if (this.#scanner.state === 'scalar') throw noScalar(offset);
      throw invalid(`The JSON ends too early: ${this.#scanner.expected} is expected`, offset);
    }
    return this.#body.end();
  }

  #writeValue(value: unknown, offset: number): void {
    const text = jsonOf(value, this.#budget);
    const isWhole =
      typeof value === 'string' || value instanceof JsonText || text[0] === '{' || text[0] === '[';
    // Numbers, true, false and null can be pieced together, as in -{{ amount }}, and are judged when they end.
    if (!isWhole || value instanceof WrittenNumber) {
      for (const character of text) {
        if (this.#scanner.next(character) === undefined) throw this.#unexpected(text, offset);
      }
    } else if (!this.#scanner.takeWhole(text[0] === '"')) {
      throw this.#unexpected(text, offset);
    }
    this.#settleComma(false);
    this.#body.push(text);
  }

  /** A comma that ends an entry stays if another one follows, and goes if the list or the object ends. */
  #settleComma(isLast: boolean): void {
    if (isLast && this.#comma !== undefined) this.#body.drop(this.#comma);
    this.#comma = undefined;
  }

  #unexpected(found: string, offset: number): PayloadFailure {
    const { state, expected } = this.#scanner;
    if (state === 'string') {
      return invalid("A string can't hold a line break or a tab as it is: write \\n or \\t", offset);
    }
    if (state === 'scalar') return noScalar(offset);
    const shown = found.length > 20 ? `${found.slice(0, 20)}…` : found;
    return invalid(`The JSON isn't valid: ${expected} is expected here, not \`${shown}\``, offset);
  }
}

function isBlank(character: string): boolean {
  return character.trim() === '';
}

function noScalar(offset: number): PayloadFailure {
  return invalid('This is no number, and not true, false or null. A text needs quotes', offset);
}

function invalid(message: string, offset: number): PayloadFailure {
  return new PayloadFailure('invalid_json', `${message}.`, offset);
}
