import { type Liquid, LiquidError, Parser, type Template, Tokenizer, TypeGuards } from 'liquidjs';
import { judgeExpressions } from './expression.ts';
import { PayloadFailure } from './failure.ts';
import { scanMarks } from './merge-scan.ts';
import { MarkToken, parseMark } from './merge-tags.ts';

type TopLevelToken = Parameters<Parser['parseToken']>[0];
type Parsed = ReturnType<Parser['parseToken']>;

/** Parses Liquid with merge fields and ranges in it. */
class PayloadParser extends Parser {
  readonly #liquid: Liquid;
  readonly #maxDepth: number;
  #depth = 0;

  constructor(liquid: Liquid, maxDepth: number) {
    super(liquid);
    this.#liquid = liquid;
    this.#maxDepth = maxDepth;
  }

  /** Tags parse what is inside of them by calling this in turn. */
  override parseToken(token: TopLevelToken, rest: TopLevelToken[]): Parsed {
    if (this.#depth >= this.#maxDepth) {
      const message = `Tags can't be nested deeper than ${this.#maxDepth}.`;
      throw new PayloadFailure('nesting_too_deep', message, token.begin, { most: this.#maxDepth });
    }
    this.#depth += 1;
    try {
      // What stands for a mark behaves as a tag, without being derived from the library's class.
      if (token instanceof MarkToken) return parseMark(token, rest, this.#liquid, this) as unknown as Parsed;
      const template = super.parseToken(token, rest);
      judgeExpressions(template);
      return template;
    } catch (error) {
      throw toFailure(error, token.begin);
    } finally {
      this.#depth -= 1;
    }
  }
}

/**
 * Parses a template.
 *
 * @returns what can be rendered, or every failure that could be found
 */
export function parseTemplate(
  template: string,
  liquid: Liquid,
  maxDepth: number,
): { readonly templates: Template[] } | { readonly failures: readonly PayloadFailure[] } {
  try {
    const tokens = new Tokenizer(template, liquid.options.operators).readTopLevelTokens(liquid.options);
    const failures: PayloadFailure[] = [];
    const marked = withMarks(tokens, failures);
    if (failures.length > 0) return { failures };
    return { templates: new PayloadParser(liquid, maxDepth).parseTokens(marked) };
  } catch (error) {
    return { failures: [toFailure(error, null)] };
  }
}

/** Takes the text between the tags apart, but not inside of `raw` and `comment`. */
function withMarks(tokens: readonly TopLevelToken[], failures: PayloadFailure[]): TopLevelToken[] {
  let verbatim: string | undefined;
  return tokens.flatMap((token) => {
    if (TypeGuards.isTagToken(token)) {
      if (verbatim === undefined && ['raw', 'comment'].includes(token.name)) verbatim = `end${token.name}`;
      else if (token.name === verbatim) verbatim = undefined;
    }
    if (verbatim !== undefined || !TypeGuards.isHTMLToken(token)) return [token];
    const start = token.begin + token.trimLeft;
    const scanned = scanMarks(token.getContent());
    for (const failure of scanned.failures) {
      failure.offset = start + (failure.offset ?? 0);
      failures.push(failure);
    }
    return scanned.pieces.map((piece) => {
      const [from, to] = [start + piece.start, start + piece.end];
      // The library doesn't offer its token of text, but makes one of whatever it is told to read.
      if (piece.mark === null)
        return new Tokenizer(token.input, undefined, undefined, [from, to]).readHTMLToken([]);
      return new MarkToken(token.input, from, to, piece.mark) as unknown as TopLevelToken;
    });
  });
}

function toFailure(error: unknown, offset: number | null): PayloadFailure {
  if (error instanceof PayloadFailure) {
    error.offset ??= offset;
    return error;
  }
  const cause = LiquidError.is(error) ? (error.originalError ?? error) : error;
  if (cause instanceof PayloadFailure) return cause;
  const where = LiquidError.is(error) ? error.token.begin : offset;
  // Reading brackets inside of brackets without end exhausts the stack.
  if (cause instanceof RangeError) {
    return new PayloadFailure('nesting_too_deep', 'Brackets are nested too deep here.', where);
  }
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(
    /, line:\d+, col:\d+$/,
    '',
  );
  return inPlainWords(message, where);
}

function inPlainWords(message: string, offset: number | null): PayloadFailure {
  const filter = /^undefined filter: (.*)$/.exec(message)?.[1];
  if (filter !== undefined) {
    const reason = `There is no filter "${filter}" here.`;
    return new PayloadFailure('filter_not_available', reason, offset, { filter });
  }
  const tag = /^tag "(.*)" not found$/.exec(message)?.[1];
  if (tag?.startsWith('end') || tag === 'else' || tag === 'elsif' || tag === 'when') {
    const reason = `The tag "${tag}" has no tag it belongs to, or another one is still open.`;
    return new PayloadFailure('template_syntax', reason, offset, { why: 'stray', tag });
  }
  if (tag !== undefined) {
    return new PayloadFailure('tag_not_available', `There is no tag "${tag}" here.`, offset, { tag });
  }
  const open = /^(tag|output|raw) (.*) not closed$/s.exec(message);
  if (open) {
    const [, what = '', text = ''] = open;
    const reason = `The ${what} ${text} isn't closed.`;
    return new PayloadFailure('template_syntax', reason, offset, { why: `open_${what}`, text });
  }
  const reason = `This isn't valid Liquid: ${message}.`;
  return new PayloadFailure('template_syntax', reason, offset, { why: 'liquid', said: message });
}
