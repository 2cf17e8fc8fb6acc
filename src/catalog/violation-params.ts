import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Params } from '../errors.ts';

const MAX_SHOWN = 10;
const MAX_VALUE_CHARS = 100;

/**
 * The values in what is said of a broken keyword, for whoever words it in another language; undefined: it holds none.
 * `why` tells apart what one keyword says of different things.
 */
export function violationParams({ keyword, params, propertyName }: ErrorObject): Params | undefined {
  const said = {
    ...sizesOf(params),
    ...textsOf(params),
    ...countOf(keyword, params),
    ...allowedOf(params),
    ...(propertyName !== undefined && { of: 'name' }),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

/** What Ajv names by itself, as it stands in the schema. */
function sizesOf(params: ErrorObject['params']): Params {
  const { limit, multipleOf } = params;
  return {
    ...(typeof limit === 'number' && { limit }),
    ...(typeof multipleOf === 'number' && { multipleOf }),
  };
}

function textsOf(params: ErrorObject['params']): Params {
  const { type, format, pattern, property } = params;
  return {
    ...(type !== undefined && { types: [type].flat().join(', ') }),
    ...(typeof format === 'string' && { format: cut(format) }),
    ...(typeof pattern === 'string' && { pattern: cut(pattern) }),
    ...(typeof property === 'string' && { property: cut(property) }),
  };
}

/** How many items must fit, or may. */
function countOf(keyword: string, { minContains, maxContains }: ErrorObject['params']): Params {
  if (keyword !== 'contains') return {};
  const most = typeof maxContains === 'number' && maxContains < Number.MAX_SAFE_INTEGER;
  return { least: Number(minContains ?? 1), ...(most && { most: maxContains, why: 'range' }) };
}

function allowedOf({ allowedValues, allowedValue }: ErrorObject['params']): Params {
  const allowed = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  if (!Array.isArray(allowed)) return {};
  const { shown, others } = shownOf(allowed);
  return { allowed: shown.join(', '), ...(others > 0 && { others, why: 'more' }) };
}

/** As many of some values as a message has room for, as JSON, and how many others there are. */
export function shownOf(allowed: readonly unknown[]): { readonly shown: string[]; readonly others: number } {
  const shown = allowed.slice(0, MAX_SHOWN).map((one) => cut(JSON.stringify(one)));
  return { shown, others: allowed.length - shown.length };
}

function cut(text: string): string {
  return text.length <= MAX_VALUE_CHARS ? text : `${text.slice(0, MAX_VALUE_CHARS - 1)}…`;
}
