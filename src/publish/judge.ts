import type { RequestBudget } from '../catalog/budget.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { EventType } from '../catalog/event-type.ts';
import { pathText } from '../catalog/flaws.ts';
import { type Circumstances, type SentPayload, violationsOf } from '../catalog/validate.ts';
import { UNFINISHED, type Violation } from '../catalog/violation.ts';
import { type FieldError, invalid, type Params, WaybillError } from '../errors.ts';
import type { Policy } from '../store/accounts.ts';
import type { CheckedEvent } from './event.ts';
import type { Matcher, Subscription } from './match.ts';

/** Something an event breaks of what its type promises. It was taken all the same. */
export interface EventWarning {
  /** In the event: `data.items[0].sku`. */
  readonly path: string;
  /** The keyword of the schema it breaks, or `unknown_event_type`, `version`, `validation_unfinished`. Stable. */
  readonly rule: string;
  readonly message: string;
  /** The values in the message. Absent: it holds none, or was stored before they were kept. */
  readonly params?: Params;
}

/** What was found, and whether the event is refused for it. */
export interface Judgement {
  readonly rejects: boolean;
  readonly warnings: readonly EventWarning[];
}

/** Judges the events of one account by its policies. @param budget what is left for all of the request */
export type Judge = (event: CheckedEvent, budget: RequestBudget) => Judgement;

const NOTHING: Judgement = { rejects: false, warnings: [] };

const MAX_WARNINGS = 20;
const MAX_PATH_CHARS = 500;

/** @returns undefined if no event of the account is judged at all */
export function createJudge(
  catalogs: Catalogs,
  { policies: account, wanting }: Pick<Matcher, 'policies' | 'wanting'>,
): Judge | undefined {
  const { validation, unknownTypes } = catalogs.policiesOf(account);
  if (validation === 'off' && unknownTypes === 'off') return undefined;
  return (event, budget) => {
    const type = catalogs.eventType(account.preset, event.type);
    if (!type) return judgement(unknownTypes, [unknownType(event.type)]);
    if (validation === 'off') return NOTHING;
    const usual = catalogs.usualVersion(type);
    const sent = sentPayloads(catalogs, wanting(event.type), event.type);
    const violations = violationsOrUnjudged(catalogs, type, event, { usual, sent, budget });
    return judgement(validation, violations.slice(0, MAX_WARNINGS).map(warningOf));
  };
}

/** What these webhooks get of a type that has versions, each once: as their own presets have it. */
function sentPayloads(catalogs: Catalogs, webhooks: readonly Subscription[], name: string): SentPayload[] {
  const sent = new Map<string, SentPayload>();
  for (const { profile, payloadVersion, hasTemplate } of webhooks) {
    // A template takes the data, whatever the version says.
    if (hasTemplate) continue;
    const version = catalogs.versionSent(profile, payloadVersion, name);
    const type = catalogs.preset(profile)?.eventTypes.get(name);
    if (type && version !== null) sent.set(`${profile} ${version}`, { type, version, preset: profile });
  }
  return [...sent.values()];
}

/** A schema that can't be judged by is told of, and holds up nothing: the event is taken, or refused, as an unjudged one. */
function violationsOrUnjudged(
  catalogs: Catalogs,
  type: EventType,
  event: CheckedEvent,
  circumstances: Circumstances,
): Violation[] {
  try {
    return violationsOf(type, event, circumstances);
  } catch (error) {
    catalogs.tellBroken(type.name, error);
    const message = "can't be judged: the schema of its type is broken";
    return [{ path: ['data'], rule: UNFINISHED, message, params: { why: 'broken_schema' } }];
  }
}

function warningOf({ path, ...said }: Violation): EventWarning {
  return { path: pathText(path).slice(0, MAX_PATH_CHARS), ...said };
}

function judgement(policy: Policy, warnings: readonly EventWarning[]): Judgement {
  if (policy === 'off' || warnings.length === 0) return NOTHING;
  return { rejects: policy === 'reject', warnings };
}

function unknownType(type: string): EventWarning {
  const message = `${type} is not an event type of the catalog`;
  return { path: 'type', rule: 'unknown_event_type', message, params: { type } };
}

// What is said of one request stays readable, and smaller than the request.
const MAX_TOLD = 500;

/** What a caller is told whose events were refused: the rules that are broken, with where it is in the request. */
export function rejected(
  refused: readonly { event: CheckedEvent; warnings: readonly EventWarning[] }[],
): Error {
  const errors = refused.flatMap(({ event, warnings }) =>
    warnings.map(({ path, rule, ...said }): FieldError => {
      return { path: event.path === '' ? path : `${event.path}.${path}`, code: rule, ...said };
    }),
  );
  const unknown = errors.every(({ code }) => code === 'unknown_event_type');
  return invalid(errors.slice(0, MAX_TOLD), unknown ? REJECTIONS[0] : REJECTIONS[1]);
}

const REJECTIONS = ['unknown_event_type', 'invalid_event_data'] as const;

/** Whether an error is one that `rejected` made. */
export function isRejection(error: unknown): boolean {
  return error instanceof WaybillError && REJECTIONS.some((code) => code === error.code);
}
