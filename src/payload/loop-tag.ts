import { type Emitter, evalToken, ForTag, TypeGuards } from 'liquidjs';
import { STEP } from './budget.ts';
import { type PayloadContext, payloadContext } from './context.ts';
import { isRecord } from './data.ts';
import { PayloadFailure } from './failure.ts';
import { toCount, toList, toNumber } from './filter.ts';
import { namesOf } from './member.ts';

type Context = Parameters<ForTag['render']>[0];

/** The library's `for` makes the whole of a range before it asks what that costs, and some ranges never end. */
export class LoopTag extends ForTag {
  override *render(given: Context, emitter: Emitter): Generator<unknown, void, never> {
    const context = payloadContext(given);
    const hash: Record<string, unknown> = yield this.hash.render(context);
    const all: readonly unknown[] = yield this.#items(context);
    const offset = Math.max(toCount(hash.offset, 0), 0);
    const items = all.slice(offset, offset + Math.max(toCount(hash.limit, all.length), 0));
    if (hash.reversed !== undefined) items.reverse();
    if (items.length === 0) yield this.liquid.renderer.renderTemplates(this.elseTemplates, context, emitter);
    else yield loop(this, items, context, emitter);
  }

  *#items(context: PayloadContext): Generator<unknown, readonly unknown[], unknown> {
    const { collection } = this;
    if (TypeGuards.isRangeToken(collection)) {
      return range(
        yield evalToken(collection.lhs, context),
        yield evalToken(collection.rhs, context),
        context,
      );
    }
    const value = yield evalToken(collection, context);
    if (!isRecord(value)) return toList(value);
    return namesOf(value, context.budget).map((name) => [name, value[name]]);
  }
}

/** Renders the body of a loop for each item, whose variables stand in a scope without a prototype. */
function* loop(tag: LoopTag, items: readonly unknown[], context: PayloadContext, emitter: Emitter) {
  const scope: Record<string, unknown> = Object.create(null);
  context.push(scope);
  for (const [index, item] of items.entries()) {
    scope[tag.variable] = item;
    scope.forloop = forloop(index, items.length);
    context.continueCalled = false;
    yield tag.liquid.renderer.renderTemplates(tag.templates, context, emitter);
    if (context.breakCalled) break;
  }
  context.breakCalled = false;
  context.continueCalled = false;
  context.pop();
}

/** The object `forloop` of an entry. */
export function forloop(index: number, length: number): Readonly<Record<string, unknown>> {
  return {
    index: index + 1,
    index0: index,
    rindex: length - index,
    rindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
  };
}

function range(low: unknown, high: unknown, context: PayloadContext): number[] {
  const from = Math.trunc(toNumber(low));
  const to = Math.trunc(toNumber(high));
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    const message = 'The ends of a range must be whole numbers below 2^53.';
    throw new PayloadFailure('filter_failed', message, null, { why: 'range_ends' });
  }
  const length = Math.max(to - from + 1, 0);
  context.budget.spend(length * STEP);
  return Array.from({ length }, (_, index) => from + index);
}
