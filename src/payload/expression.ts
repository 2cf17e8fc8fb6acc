import { type Template, TypeGuards, Value } from 'liquidjs';
import { PayloadFailure } from './failure.ts';
import { LoopTag } from './loop-tag.ts';

/** `a[b[c]]` is two deep; nobody needs more than a few. */
const MAX_EXPRESSION_DEPTH = 8;

/**
 * Judges the expressions of a tag or an output: ranges such as (1..5) belong to loops alone, where they are counted
 * before they are made.
 *
 * @throws PayloadFailure `loop_only_range`, `nesting_too_deep`
 */
export function judgeExpressions(template: Template): void {
  for (const argument of template.arguments?.() ?? []) {
    const isLooped = template instanceof LoopTag && argument === template.collection;
    if (isLooped && TypeGuards.isRangeToken(argument)) {
      judgeToken(argument.lhs, 1);
      judgeToken(argument.rhs, 1);
    } else {
      judgeToken(argument, 1);
    }
  }
}

function judgeToken(token: unknown, depth: number): void {
  if (depth > MAX_EXPRESSION_DEPTH) {
    const message = `Brackets can't be nested deeper than ${MAX_EXPRESSION_DEPTH}.`;
    throw new PayloadFailure('nesting_too_deep', message, null, { most: MAX_EXPRESSION_DEPTH });
  }
  for (const part of partsOf(token)) judgeToken(part, depth + 1);
}

function partsOf(token: unknown): readonly unknown[] {
  if (token instanceof Value) {
    return [...token.initial.postfix, ...token.filters.flatMap((filter) => filter.args.flat())];
  }
  if (TypeGuards.isRangeToken(token)) {
    throw new PayloadFailure('loop_only_range', 'A range such as (1..5) can stand in a for tag only.');
  }
  if (!TypeGuards.isPropertyAccessToken(token)) return [];
  return token.variable === undefined ? token.props : [token.variable, ...token.props];
}
