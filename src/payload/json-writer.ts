import { toValue } from 'liquidjs';
import type { BodyText, BodyWriter } from './body.ts';
import type { Budget } from './budget.ts';
import { JsonText, WrittenNumber } from './data.ts';
import { PayloadFailure, type PayloadParams } from './failure.ts';
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
      const message = "An output can't follow a backslash.";
      throw new PayloadFailure('output_misplaced', message, offset, { why: 'backslash' });
    } else {
      this.#writeValue(toValue(given), offset);
    }
  }

  end(offset: number): string {
    if (!this.#scanner.end()) {
      if (this.#body.isEmpty) {
        throw invalid('The template yields nothing, where a JSON value is due', offset, { why: 'empty' });
      }
      if (this.#scanner.state === 'scalar') throw noScalar(offset);
      const { name: wanted, words } = this.#scanner.wanted;
      throw invalid(`The JSON ends too early: ${words} is expected`, offset, { why: 'early', wanted });
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
    const { state, wanted } = this.#scanner;
    if (state === 'string') {
      const message = "A string can't hold a line break or a tab as it is: write \\n or \\t";
      return invalid(message, offset, { why: 'line_break' });
    }
    if (state === 'scalar') return noScalar(offset);
    const shown = found.length > 20 ? `${found.slice(0, 20)}…` : found;
    const message = `The JSON isn't valid: ${wanted.words} is expected here, not \`${shown}\``;
    return invalid(message, offset, { why: 'unexpected', wanted: wanted.name, found: shown });
  }
}

function isBlank(character: string): boolean {
  return character.trim() === '';
}

function noScalar(offset: number): PayloadFailure {
  const message = 'This is no number, and not true, false or null. A text needs quotes';
  return invalid(message, offset, { why: 'unquoted' });
}

function invalid(message: string, offset: number, params: PayloadParams): PayloadFailure {
  return new PayloadFailure('invalid_json', `${message}.`, offset, params);
}
