import type { Actor } from '../audit/actor.ts';
import { toWireId } from '../ids.ts';
import type { Caller } from './caller.ts';

/** A caller as the audit log names them. */
export function actorOf(caller: Caller): Actor {
  if (caller.kind === 'user') return { kind: 'user', id: toWireId('usr', caller.userId), name: caller.email };
  if (caller.kind === 'portal') {
    return { kind: 'portal', id: toWireId('pln', caller.linkId), name: caller.name ?? 'portal link' };
  }
  return { kind: 'key', id: toWireId('key', caller.keyId), name: caller.keyName };
}
