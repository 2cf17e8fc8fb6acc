import { type PayloadFields, projectPayload } from '../profile/payload-fields.ts';
import { type Budget, type RequestBudget, requestBudget, withinRequest } from './budget.ts';
import { type EventType, versionFor } from './event-type.ts';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';
import { UNFINISHED, type Violation } from './violation.ts';

/** What of an event is judged. */
export interface Judged {
  /** JSON. */
  readonly data: string;
  /** Of the payload, if it names one. */
  readonly version: string | null;
}

/** What a webhook gets of an event. */
export interface SentPayload {
  /** As the preset of its profile has it, which may be another than that of the account. */
  readonly type: EventType;
  readonly version: string;
  /** The preset's name. */
  readonly preset: string;
}

/** What an event is judged by beside its type. */
export interface Circumstances {
  /** The version of payloads where nothing says otherwise. */
  readonly usual: string | null;
  /** What is sent of it beside the version it names, or the usual one. */
  readonly sent?: readonly SentPayload[];
  /** What is left for everything that is judged with it. */
  readonly budget?: RequestBudget;
}

/**
 * What an event breaks of what its type promises: the schema of its data, and those of the payloads that are made of it.
 *
 * @throws Error if a schema can't be compiled: one that was stored before such were refused
 */
export function violationsOf(
  type: EventType,
  event: Judged,
  { usual, sent, budget }: Circumstances,
): Violation[] {
  const { data } = event;
  if (event.version !== null && type.versions.size > 0 && !type.versions.has(event.version)) {
    const known = [...type.versions.keys()].slice(0, MAX_NAMED).join(', ');
    return [{ path: ['version'], rule: 'version', message: `must be one of ${known}`, params: { known } }];
  }
  const request = budget ?? requestBudget(data.length);
  const broken = judged(request, data, (own) => violationsIn(type.schema, data, own));
  if (broken.length > 0) return broken;
  const own = versionFor(type, event.version, usual);
  const others = (sent ?? []).filter((one) => one.type !== type || one.version !== own);
  return [
    ...versionViolations(type, data, own, request),
    ...others.flatMap((one) => {
      const whose = one.type === type ? undefined : one.preset;
      return versionViolations(one.type, data, one.version, request, whose);
    }),
  ];
}

/** Each schema has a budget of its own, so that what it finds doesn't depend on which others are asked. */
function judged(
  request: RequestBudget,
  { length }: string,
  judge: (own: Budget) => Violation[],
): Violation[] {
  return withinRequest(request, length, judge) ?? [NOT_JUDGED];
}

const NOT_JUDGED: Violation = {
  path: ['data'],
  rule: UNFINISHED,
  message: 'is not judged, as what is published with it takes too long. Publish fewer events at once',
  params: { why: 'crowded' },
};

const MAX_NAMED = 20;

/** What the payload made of this data breaks of its version's schema. @param whose preset, if it isn't its own */
export function versionViolations(
  type: EventType,
  data: string,
  version: string | null,
  request: RequestBudget = requestBudget(data.length),
  whose?: string,
): Violation[] {
  const rules = version === null ? undefined : type.versions.get(version);
  if (!rules || rules.schema === null) return [];
  const { schema, payload } = rules;
  const violations = judged(request, data, (own) => violationsIn(schema, payloadText(data, payload), own));
  const of = whose === undefined ? '' : ` of ${whose}`;
  return violations.map((one) => ({
    ...one,
    message: `${one.message} (payload version ${version}${of})`,
    params: {
      ...one.params,
      payloadVersion: version as string,
      ...(whose !== undefined && { preset: whose }),
    },
  }));
}

function payloadText(data: string, payload: PayloadFields | null): string {
  return payload ? projectPayload(data, payload) : data;
}

function violationsIn(schema: JsonSchema | null, json: string, budget: Budget): Violation[] {
  if (schema === null || schema === true) return [];
  const violations =
    schema === false
      ? [{ path: [], rule: 'false schema', message: 'must not be published' }]
      : compileSchema(schema)(JSON.parse(json), budget);
  return violations.map((one) => ({ ...one, path: ['data', ...one.path] }));
}
