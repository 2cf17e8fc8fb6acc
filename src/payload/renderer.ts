import { type Context, type Emitter, LiquidError, type Template, type Token, TypeGuards } from 'liquidjs';
import { payloadContext } from './context.ts';
import { BodyEmitter, CaptureEmitter } from './emitter.ts';
import { PayloadFailure } from './failure.ts';

/**
 * Renders parsed templates in place of the library's renderer, which measures only time, and neither knows where
 * in the template it is nor pays for what a capture collects.
 */
export class PayloadRenderer {
  *renderTemplates(
    templates: Template[],
    given: Context,
    into?: Emitter,
  ): Generator<unknown, string, unknown> {
    const context = payloadContext(given);
    const emitter = into ?? new CaptureEmitter(context.budget);
    for (const template of templates) {
      try {
        context.budget.step();
        if (emitter instanceof BodyEmitter) emitter.offset = startOf(template.token);
        const text = yield template.render(context, emitter);
        if (typeof text === 'string') emitter.write(text);
      } catch (error) {
        throw toFailure(error, template.token.begin);
      }
      if (context.breakCalled || context.continueCalled) break;
    }
    return emitter.buffer;
  }

  renderTemplatesToNodeStream(): never {
    throw new TypeError('a payload is no stream');
  }
}

/** Where the text of a token begins, when white space that is trimmed stands before it. */
function startOf(token: Token): number {
  return token.begin + (TypeGuards.isHTMLToken(token) ? token.trimLeft : 0);
}

function toFailure(error: unknown, offset: number): PayloadFailure {
  const cause = LiquidError.is(error) && error.originalError ? error.originalError : error;
  const said = cause instanceof Error ? cause.message : String(cause);
  const failure =
    cause instanceof PayloadFailure ? cause : new PayloadFailure('render_failed', said, null, { said });
  failure.offset ??= offset;
  return failure;
}
