import { Context, type Drop, type Liquid } from 'liquidjs';
import type { Budget } from './budget.ts';
import { memberOf } from './member.ts';

/** What a template can name, by name. It has no prototype. */
export type Scope = Readonly<Record<string, unknown>>;

/** An entry of a collection that a range goes through at this moment. */
export interface OpenEntry {
  readonly name: string;
  readonly entry: unknown;
}

/** One rendering: what the template sees, and what it may spend. */
export class PayloadContext extends Context {
  readonly budget: Budget;
  readonly scope: Scope;
  /** The event's data. */
  readonly data: unknown;
  /** Of the ranges around the place that is rendered, the innermost last. */
  readonly entries: OpenEntry[] = [];

  constructor(liquid: Liquid, scope: Scope, data: unknown, budget: Budget) {
    super(scope, liquid.options, { sync: true }, { liquid });
    this.budget = budget;
    this.scope = scope;
    this.data = data;
  }

  override *_get(path: (string | number | Drop)[]): IterableIterator<unknown> {
    return typeof path[0] === 'string' ? yield super._get(path) : undefined;
  }

  override readProperty(owner: unknown, key: unknown): unknown {
    return memberOf(owner, key, this.budget);
  }
}

/** The context that the library hands to tags, filters and operators: it is always the one of the rendering. */
export function payloadContext(context: Context): PayloadContext {
  if (context instanceof PayloadContext) return context;
  throw new TypeError('not the context of a payload');
}
