import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Params } from '../errors.ts';
import { shownOf, violationParams } from './violation-params.ts';

/** A rule of a schema that a value breaks. */
export interface Violation {
  /** From the value down to what breaks it. */
  readonly path: readonly (string | number)[];
  /** The keyword of the schema: `required`, `maxLength`, … */
  readonly rule: string;
  readonly message: string;
  /** The values in the message; absent: it holds none. */
  readonly params?: Params;
}

/** Of a value that could not be judged to the end. */
export const UNFINISHED = 'validation_unfinished';

/** What a keyword's error says of the member it is about, beside the object that has it. */
const MEMBERS: Readonly<Record<string, { readonly param: string; readonly message?: string }>> = {
  required: { param: 'missingProperty', message: 'is missing' },
  dependentRequired: { param: 'missingProperty' },
  additionalProperties: { param: 'additionalProperty', message: 'is not in the schema' },
  unevaluatedProperties: { param: 'unevaluatedProperty', message: 'is not in the schema' },
  propertyNames: { param: 'propertyName' },
};

const MAX_MESSAGE_CHARS = 300;
const MAX_NAME_CHARS = 100;
const MAX_PATH_PARTS = 70;

/** What Ajv tells, in words of ours where its own are about schemas. No part of it is as long as the schema or the data. */
export function violationOf(error: ErrorObject): Violation {
  const path = pathOf(error);
  const rule = error.keyword;
  const member = MEMBERS[rule];
  const name = member ? error.params[member.param] : error.propertyName;
  if (typeof name === 'string') path.push(name.slice(0, MAX_NAME_CHARS));
  const params = violationParams(error);
  return {
    path: path.slice(0, MAX_PATH_PARTS),
    rule,
    message: cut(member?.message ?? messageOf(error)),
    ...(params && { params }),
  };
}

function pathOf({ instancePath }: ErrorObject): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.slice(0, MAX_NAME_CHARS)));
}

function messageOf({ keyword, message, params, propertyName }: ErrorObject): string {
  const { allowedValues, allowedValue, property } = params;
  if (keyword === 'dependentRequired') return `is missing, which must be there if ${property} is`;
  if (keyword === 'propertyNames') return 'must not have this name';
  const allowed = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  const said = allowed ? `must be ${allowedText(allowed)}` : (message ?? 'does not fit');
  return propertyName === undefined ? said : `the name ${said}`;
}

function allowedText(allowed: readonly unknown[]): string {
  const { shown, others } = shownOf(allowed);
  return shown.join(' or ') + (others > 0 ? ` or one of ${others} others` : '');
}

function cut(text: string): string {
  return text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS - 1)}…`;
}
