import { CaseTag, type Emitter, evalToken, toValue } from 'liquidjs';
import { payloadContext } from './context.ts';
import { isSame } from './operators.ts';

type Context = Parameters<CaseTag['render']>[0];

/** The library's `case` compares lists item by item, without end if a template has made them so. */
export class ChoiceTag extends CaseTag {
  override *render(given: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const context = payloadContext(given);
    const { renderer } = this.liquid;
    const target = toValue(yield this.value.value(context));
    let found = false;
    for (const { values, templates } of this.branches) {
      for (const value of values) {
        context.budget.step();
        if (!isSame(target, yield evalToken(value, context))) continue;
        found = true;
        yield renderer.renderTemplates(templates, context, emitter);
        break;
      }
    }
    if (!found) yield renderer.renderTemplates(this.elseTemplates, context, emitter);
  }
}
