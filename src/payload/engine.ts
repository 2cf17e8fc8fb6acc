import {
  AssignTag,
  BreakTag,
  CaptureTag,
  CommentTag,
  ContinueTag,
  EchoTag,
  IfTag,
  Liquid,
  LiquidTag,
  RawTag,
  Tag,
  toValue,
  UnlessTag,
} from 'liquidjs';
import { ChoiceTag } from './choice-tag.ts';
import { payloadContext } from './context.ts';
import { Printed } from './emitter.ts';
import type { Filter } from './filter.ts';
import { payloadFilters } from './filters.ts';
import { LoopTag } from './loop-tag.ts';
import { operators } from './operators.ts';
import { PayloadRenderer } from './renderer.ts';

type FilterHandler = (
  this: { context: Parameters<typeof payloadContext>[0] },
  ...values: unknown[]
) => unknown;

/** The library's inline comment looks at its text in a time that grows with the square of its length. */
class NoteTag extends Tag {
  override render(): void {}
}

/** Tags that can neither read files nor keep anything beyond the rendering. */
const TAGS = {
  '#': NoteTag,
  assign: AssignTag,
  break: BreakTag,
  capture: CaptureTag,
  case: ChoiceTag,
  comment: CommentTag,
  continue: ContinueTag,
  echo: EchoTag,
  for: LoopTag,
  if: IfTag,
  liquid: LiquidTag,
  raw: RawTag,
  unless: UnlessTag,
};

class PayloadLiquid extends Liquid {
  override readonly renderer = new PayloadRenderer();
}

/** Makes the engine: Liquid with our tags, filters and operators, and nothing else. It keeps no state. */
export function createEngine(): Liquid {
  const liquid = new PayloadLiquid({
    operators,
    ownPropertyOnly: true,
    strictFilters: true,
    // No file system behind it, even if a tag asked for one.
    templates: {},
    locale: 'en',
    // Every value that is printed is marked as such; the writer of the body escapes it.
    outputEscape: (value: unknown) => new Printed(value) as unknown as string,
  });
  for (const name of Object.keys(liquid.tags)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) liquid.unregisterFilter(name);
  for (const [name, tag] of Object.entries(TAGS)) liquid.registerTag(name, tag);
  for (const [name, filter] of Object.entries(payloadFilters)) liquid.registerFilter(name, handler(filter));
  return liquid;
}

function handler(filter: Filter): FilterHandler {
  return function (input, ...args) {
    const { budget } = payloadContext(this.context);
    budget.step();
    return filter(toValue(input), args.map(toValue), budget);
  };
}
