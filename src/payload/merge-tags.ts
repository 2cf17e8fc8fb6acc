import { type Emitter, type Liquid, type Parser, type Template, Token, TokenKind } from 'liquidjs';
import { type PayloadContext, payloadContext } from './context.ts';
import { Printed } from './emitter.ts';
import { PayloadFailure } from './failure.ts';
import { findEntries, findField } from './lookup.ts';
import { forloop } from './loop-tag.ts';
import type { Mark } from './merge-scan.ts';
import { type FieldPath, isSameRange, type Range, rangeText } from './range.ts';
import { conditionHolds } from './range-condition.ts';
import { formatValue } from './value-format.ts';

type TopLevelToken = Parameters<Parser['parseToken']>[0];
type Context = Parameters<Template['render']>[0];

/** A mark among the tokens of Liquid. No tag has its name. */
export class MarkToken extends Token {
  readonly name = '$$';
  readonly mark: Mark;

  constructor(input: string, begin: number, end: number, mark: Mark) {
    super(TokenKind.Tag, input, begin, end);
    this.mark = mark;
  }
}

/**
 * Reads the template that begins with a mark.
 *
 * @param rest the tokens behind it, from which a range takes those that are its own
 * @throws PayloadFailure `range_mismatch`, `range_not_closed`
 */
export function parseMark(token: MarkToken, rest: TopLevelToken[], liquid: Liquid, parser: Parser): Template {
  const { mark } = token;
  if (mark.kind === 'field') return new FieldTag(token, mark.path, mark.format);
  if (mark.kind === 'end') {
    const range = rangeText(mark.range);
    const message = `RangeEnd:${range} has no start, or another tag is still open.`;
    throw new PayloadFailure('range_mismatch', message, token.begin, { why: 'no_start', range });
  }
  const inner = parseInner(token, mark.range, rest, parser);
  return mark.range.kind === 'condition'
    ? new ConditionTag(token, mark.range, inner, liquid)
    : new CollectionTag(token, mark.range.path, inner, liquid);
}

function parseInner(start: MarkToken, range: Range, rest: TopLevelToken[], parser: Parser): Template[] {
  const inner: Template[] = [];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    const mark = token instanceof MarkToken ? token.mark : undefined;
    if (mark?.kind !== 'end') inner.push(parser.parseToken(token, rest));
    else if (isSameRange(range, mark.range)) return inner;
    else {
      const [first, next] = [rangeText(range), rangeText(mark.range)];
      const message = `RangeEnd:${first} is expected before RangeEnd:${next}.`;
      throw new PayloadFailure('range_mismatch', message, token.begin, { why: 'order', first, next });
    }
  }
  const text = rangeText(range);
  const message = `RangeStart:${text} has no RangeEnd:${text}.`;
  throw new PayloadFailure('range_not_closed', message, start.begin, { range: text });
}

class FieldTag implements Template {
  readonly token: MarkToken;
  readonly #path: FieldPath;
  readonly #format: string;

  constructor(token: MarkToken, path: FieldPath, format: string) {
    this.token = token;
    this.#path = path;
    this.#format = format;
  }

  render(given: Context, emitter: Emitter): void {
    const context = payloadContext(given);
    const value = findField(this.#path, context);
    emitter.write(new Printed(formatValue(value, this.#format, context.budget)));
  }
}

class ConditionTag implements Template {
  readonly token: MarkToken;
  readonly #range: Range & { kind: 'condition' };
  readonly #inner: Template[];
  readonly #liquid: Liquid;

  constructor(token: MarkToken, range: Range & { kind: 'condition' }, inner: Template[], liquid: Liquid) {
    this.token = token;
    this.#range = range;
    this.#inner = inner;
    this.#liquid = liquid;
  }

  *render(given: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const context = payloadContext(given);
    const value = findField(this.#range.path, context);
    if (!conditionHolds(value, this.#range.equals, context.budget)) return;
    yield this.#liquid.renderer.renderTemplates(this.#inner, context, emitter);
  }
}

/** Its entry can be named by merge fields, and by Liquid as well. */
class CollectionTag implements Template {
  readonly token: MarkToken;
  readonly #path: FieldPath;
  readonly #inner: Template[];
  readonly #liquid: Liquid;

  constructor(token: MarkToken, path: FieldPath, inner: Template[], liquid: Liquid) {
    this.token = token;
    this.#path = path;
    this.#inner = inner;
    this.#liquid = liquid;
  }

  *render(given: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const context = payloadContext(given);
    const all = findEntries(this.#path, context);
    for (const [index, entry] of all.entries()) {
      this.#open(context, entry, index, all.length);
      yield this.#liquid.renderer.renderTemplates(this.#inner, context, emitter);
      context.entries.pop();
      context.pop();
      if (context.breakCalled) break;
      context.continueCalled = false;
    }
    context.breakCalled = false;
  }

  #open(context: PayloadContext, entry: unknown, index: number, length: number): void {
    const name = this.#path.at(-1) as string;
    const scope: Record<string, unknown> = Object.create(null);
    scope[name] = entry;
    scope.forloop = forloop(index, length);
    context.push(scope);
    context.entries.push({ name, entry });
  }
}
