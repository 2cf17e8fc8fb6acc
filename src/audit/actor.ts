import { AsyncLocalStorage } from 'node:async_hooks';
import type { ActorKind } from '../store/audit-log.ts';

/** Who makes a change, as the audit log names them for good. */
export interface Actor {
  readonly kind: ActorKind;
  /** An id of the wire: `usr_…`, `key_…`, `pln_…`. */
  readonly id: string;
  /** A user's e-mail, a key's name, whom a portal link is for. */
  readonly name: string;
}

const current = new AsyncLocalStorage<Actor>();

/** Everything that `work` changes has been changed by `actor`. */
export function actingAs<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  return current.run(actor, work);
}

/** Who makes changes now; undefined where nobody asked over the API. */
export function currentActor(): Actor | undefined {
  return current.getStore();
}
