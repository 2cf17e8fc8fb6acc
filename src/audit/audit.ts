import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/database.ts';
import { newId } from '../ids.ts';
import { insertAuditEntry } from '../store/audit-log.ts';
import { currentActor } from './actor.ts';
import { redact } from './redact.ts';

/** A change that somebody makes. */
export interface Change {
  /** null: of the platform's own. */
  readonly account: string | null;
  /** Such as `webhook.updated`. */
  readonly action: `${string}.${string}`;
  /** Its id on the wire, or its name. */
  readonly target: string;
  /** What it was; left out: it wasn't there, or tells nothing. Secrets are taken out here. */
  readonly before?: object | undefined;
  /** What it has become. */
  readonly after?: object | undefined;
}

/** Who writes down what people and programs change over the API, in the transaction of the change. */
export interface Audit {
  record(tx: Queryable, change: Change): Promise<void>;
}

/** Of what a process does of itself nothing is recorded. */
export const NOBODY: Audit = { record: async () => undefined };

export function createAudit(clock: Clock): Audit {
  return {
    record: async (tx, { account, action, target, before, after }) => {
      const actor = currentActor();
      // A change of the process's own, or by a program that has Waybill in it.
      if (actor === undefined) return;
      await insertAuditEntry(tx, {
        id: newId(),
        accountId: account,
        at: new Date(clock.now()).toISOString(),
        actorKind: actor.kind,
        actorId: actor.id,
        actorName: actor.name,
        action,
        targetKind: action.slice(0, action.indexOf('.')),
        targetId: target,
        before: textOf(before),
        after: textOf(after),
      });
    },
  };
}

function textOf(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(redact(value));
}
