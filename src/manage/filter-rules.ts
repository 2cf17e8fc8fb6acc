import { z } from 'zod';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { PresetFilter } from '../catalog/preset-file.ts';
import type { ChosenFilter, ChosenFilters } from '../condition/chosen-filters.ts';
import { memberTest, readerOf } from '../condition/comparable.ts';
import { type FieldError, invalid } from '../errors.ts';

const MAX_FILTERS = 50;
const MAX_VALUES = 1_000;
/** Of what there is, and of what is wrong: more than anybody reads. */
const MAX_TOLD = 20;

const valueSchema = z.union(
  [
    z
      .string()
      .min(1)
      .max(1_024)
      .refine((value) => value.isWellFormed() && !value.includes('\0'), {
        message: 'contains a NUL character or half a character',
        params: { code: 'malformed_text' },
      }),
    z.number().refine((value) => Number.isSafeInteger(value) || !Number.isInteger(value), {
      message: 'is beyond what a JSON number holds exactly: write it as text',
      params: { code: 'too_large' },
    }),
  ],
  'must be text or a number',
);

/** Values by the name of a filter. An empty list is the same as none: all. */
export const filtersSchema = z
  .record(z.string(), z.array(valueSchema).max(MAX_VALUES))
  .refine((value) => Object.keys(value).length <= MAX_FILTERS, {
    message: `must be at most ${MAX_FILTERS} filters`,
    params: { code: 'too_large', most: MAX_FILTERS, of: 'items' },
  });

export type GivenFilters = Readonly<Record<string, readonly (string | number)[]>>;

/**
 * What somebody has chosen, held against what the preset of the profile offers.
 *
 * @returns the same with the field each looks at
 * @throws WaybillError `validation_failed`, with what there is to choose from
 */
export function chooseFilters(catalogs: Catalogs, profile: string, given: GivenFilters): ChosenFilters {
  const offered = catalogs.preset(profile)?.filters ?? [];
  const errors: FieldError[] = [];
  const chosen: [string, ChosenFilter][] = [];
  for (const [name, values] of Object.entries(given)) {
    const filter = offered.find((one) => one.name === name);
    if (filter === undefined) errors.push(unknownFilter(name, profile, offered));
    else errors.push(...unknownValues(filter, values));
    if (filter !== undefined && values.length > 0) chosen.push([name, { field: filter.field, values }]);
  }
  if (errors.length > 0) throw invalid(errors.slice(0, MAX_TOLD));
  return Object.fromEntries(chosen);
}

/** As they were given, and may be given back. */
export function givenFilters(chosen: ChosenFilters): Record<string, (string | number)[]> {
  return Object.fromEntries(Object.entries(chosen).map(([name, { values }]) => [name, [...values]]));
}

function unknownFilter(name: string, profile: string, offered: readonly PresetFilter[]): FieldError {
  const names = offered.map((one) => one.name);
  const message =
    names.length === 0 ? `the profile ${profile} has no filters` : `must be one of ${listed(names)}`;
  const params = { profile, allowed: listed(names) };
  return { path: `filters.${name.slice(0, 100)}`, code: 'unknown_filter', message, params };
}

/** Compared as events will be: without regard to case, and numbers with texts that are that number. */
function unknownValues({ name, values }: PresetFilter, given: readonly (string | number)[]): FieldError[] {
  if (values === undefined) return [];
  const read = readerOf('lookup', {});
  const isOffered = memberTest(values.map(read));
  return given.flatMap((value, index) => {
    if (isOffered(read(value))) return [];
    const path = `filters.${name}[${index}]`;
    const allowed = listed(values);
    return [{ path, code: 'unknown_value', message: `must be one of ${allowed}`, params: { allowed } }];
  });
}

function listed(items: readonly (string | number)[]): string {
  const shown = items.slice(0, MAX_TOLD).join(', ');
  return items.length > MAX_TOLD ? `${shown} and ${items.length - MAX_TOLD} more` : shown;
}
