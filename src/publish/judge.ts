import type { Catalogs } from '../catalog/catalogs.ts';
import { pathText } from '../catalog/flaws.ts';
import { violationsOf } from '../catalog/validate.ts';
import { type FieldError, invalid, WaybillError } from '../errors.ts';
import type { AccountPolicies, Policy } from '../store/accounts.ts';
import type { CheckedEvent } from './event.ts';

/** Something an event breaks of what its type promises. It was taken all the same. */
export interface EventWarning {
  /** In the event: `data.items[0].sku`. */
  readonly path: string;
  /** The keyword of the schema it breaks, or `unknown_event_type`. */
  readonly rule: string;
  readonly message: string;
}

/** What was found, and whether the event is refused for it. */
export interface Judgement {
  readonly rejects: boolean;
  readonly warnings: readonly EventWarning[];
}

/** Judges the events of one account by its policies. */
export type Judge = (event: CheckedEvent) => Judgement;

const NOTHING: Judgement = { rejects: false, warnings: [] };

/** @returns undefined if no event of the account is judged at all */
export function createJudge(catalogs: Catalogs, account: AccountPolicies): Judge | undefined {
  const { validation, unknownTypes } = catalogs.policiesOf(account);
  if (validation === 'off' && unknownTypes === 'off') return undefined;
  return (event) => {
    const type = catalogs.eventType(account.preset, event.type);
    if (!type) return judgement(unknownTypes, [unknownType(event.type)]);
    if (validation === 'off') return NOTHING;
    const violations = violationsOf(type, event, catalogs.usualVersion(type));
    return judgement(
      validation,
      violations.map(({ path, rule, message }) => ({ path: pathText(path), rule, message })),
    );
  };
}

function judgement(policy: Policy, warnings: readonly EventWarning[]): Judgement {
  if (policy === 'off' || warnings.length === 0) return NOTHING;
  return { rejects: policy === 'reject', warnings };
}

function unknownType(type: string): EventWarning {
  const message = `${type} is not an event type of the catalog`;
  return { path: 'type', rule: 'unknown_event_type', message };
}

/** What a caller is told whose events were refused: every rule that is broken, with where it is in the request. */
export function rejected(
  refused: readonly { event: CheckedEvent; warnings: readonly EventWarning[] }[],
): Error {
  const errors = refused.flatMap(({ event, warnings }) =>
    warnings.map(({ path, rule, message }): FieldError => {
      return { path: event.path === '' ? path : `${event.path}.${path}`, code: rule, message };
    }),
  );
  const unknown = errors.every(({ code }) => code === 'unknown_event_type');
  return invalid(errors, unknown ? REJECTIONS[0] : REJECTIONS[1]);
}

const REJECTIONS = ['unknown_event_type', 'invalid_event_data'] as const;

/** Whether an error is one that `rejected` made. */
export function isRejection(error: unknown): boolean {
  return error instanceof WaybillError && REJECTIONS.some((code) => code === error.code);
}
