import type { WaybillError } from '../errors.ts';
import { keysOf, type PublishRequest } from './plan.ts';

interface Held {
  requests: number;
  /** What was found in the way last. */
  cause: unknown;
}

const WHOLE_ACCOUNT = 'account';

/**
 * What transactions that stay open are known to be in the way of, as long as requests wait for it. Known is what one request
 * alone couldn't have: of one about several items nobody says which of them it is, and others are not suspected for it.
 */
export class HeldUp {
  /** By account, and in it by the name of what is held. */
  readonly #byAccount = new Map<string, Map<string, Held>>();

  /** What is in the way of a request; undefined if nothing is known to be. */
  causeFor(request: PublishRequest): unknown {
    const held = this.#byAccount.get(request.accountId);
    if (!held) return undefined;
    const names = [WHOLE_ACCOUNT, ...keysOf(request).map(keyName), ...itemNames(request)];
    for (const name of names) {
      const cause = held.get(name)?.cause;
      if (cause !== undefined) return cause;
    }
    return undefined;
  }

  /** @param cause an error of `orInUse` */
  add(request: PublishRequest, cause: unknown): void {
    const name = heldName(request, cause);
    if (name === undefined) return;
    const held = this.#byAccount.get(request.accountId) ?? new Map<string, Held>();
    this.#byAccount.set(request.accountId, held);
    held.set(name, { requests: (held.get(name)?.requests ?? 0) + 1, cause });
  }

  /** Takes back an `add` of the same. */
  remove(request: PublishRequest, cause: unknown): void {
    const held = this.#byAccount.get(request.accountId);
    const name = heldName(request, cause);
    const one = name === undefined ? undefined : held?.get(name);
    if (!held || !one || name === undefined) return;
    one.requests -= 1;
    if (one.requests === 0) held.delete(name);
    if (held.size === 0) this.#byAccount.delete(request.accountId);
  }
}

/** The one thing that can be in the way; undefined if there are several. */
function heldName(request: PublishRequest, cause: unknown): string | undefined {
  const { code } = cause as WaybillError;
  if (code === 'idempotency_key_in_use') return onlyOne(keysOf(request).map(keyName));
  if (code === 'unique_item_in_use') return onlyOne(itemNames(request));
  return WHOLE_ACCOUNT;
}

function onlyOne(names: readonly string[]): string | undefined {
  const [name, another] = new Set(names);
  return another === undefined ? name : undefined;
}

const keyName = (key: string): string => `key ${key}`;

function itemNames({ events }: PublishRequest): string[] {
  return events.flatMap(({ type, subject }) => (subject === null ? [] : [`item ${type} ${subject}`]));
}
