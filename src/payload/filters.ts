import type { Budget } from './budget.ts';
import { civilTimeAt, readCivilTime } from './civil-time.ts';
import { JsonText, numberIn } from './data.ts';
import { PayloadFailure } from './failure.ts';
import type { Filter } from './filter.ts';
import { MAX_FORMAT_LENGTH } from './limits.ts';
import { defaultTo, listFilters } from './list-filters.ts';
import { numberFilters } from './number-filters.ts';
import { strftime } from './strftime.ts';
import { textFilters } from './text-filters.ts';
import { formatValue } from './value-format.ts';
import { jsonOf, textOf } from './value-text.ts';

/** All filters that a template can use, by name. */
export const payloadFilters: Readonly<Record<string, Filter>> = {
  ...textFilters,
  ...numberFilters,
  ...listFilters,
  default: defaultTo,
  json: (input, _args, budget) => new JsonText(jsonOf(input, budget)),
  format: (input, [format], budget) => formatValue(input, textOf(format, budget), budget),
  date,
};

/** What isn't a time stays as it is; there is no "now", so that every attempt sends the same body. */
function date(input: unknown, [format]: readonly unknown[], budget: Budget): unknown {
  const seconds = numberIn(input);
  const time = seconds === undefined ? readCivilTime(textOf(input, budget)) : civilTimeAt(seconds);
  if (time === undefined) return input;
  const pattern = format === undefined ? '%Y-%m-%d %H:%M:%S' : textOf(format, budget);
  if (pattern.length > MAX_FORMAT_LENGTH) {
    const message = `A format can't be longer than ${MAX_FORMAT_LENGTH} characters.`;
    throw new PayloadFailure('format_malformed', message, null, { why: 'too_long', most: MAX_FORMAT_LENGTH });
  }
  return strftime(time, pattern);
}
