import type { Budget } from './budget.ts';
import { readCivilTime } from './civil-time.ts';
import { isJsonNumber, WrittenNumber } from './data.ts';
import { formatDate } from './date-format.ts';
import { readDecimal } from './decimal.ts';
import { PayloadFailure, type PayloadParams } from './failure.ts';
import { MAX_FORMAT_LENGTH } from './limits.ts';
import { formatNumber } from './number-format.ts';
import { textOf } from './value-text.ts';

/**
 * `N2`, `C`, `o`: standard formats of .NET, which mean other things than their characters do in a custom one. The
 * single letters that mean something in a custom format are taken as such.
 */
const STANDARD = /^(?:[A-Za-z]\d{1,2}|[^\W\d_dMyHhmsfFtzK])$/;

interface FormatProblem {
  readonly message: string;
  readonly params: PayloadParams;
}

/**
 * Says what is wrong with a custom format of .NET, as far as can be known without the value; undefined if nothing.
 */
export function judgeFormat(format: string): FormatProblem | undefined {
  if (format.length > MAX_FORMAT_LENGTH) {
    const message = `A format can't be longer than ${MAX_FORMAT_LENGTH} characters.`;
    return { message, params: { why: 'too_long', most: MAX_FORMAT_LENGTH } };
  }
  if (STANDARD.test(format)) {
    const message = `"${format}" is a standard format of .NET. Write a custom one, such as #,0.00 or yyyy-MM-dd.`;
    return { message, params: { why: 'standard', format } };
  }
  const outside = format.replace(/'[^']*'|"[^"]*"|\\[\s\S]/g, '');
  if (!/['"\\]/.test(outside)) return undefined;
  const message = 'The format has a quote or a backslash without its other half.';
  return { message, params: { why: 'half' } };
}

/**
 * Writes a value in a custom format of .NET: numbers, and texts that are numbers, in a number format; texts that are
 * dates in a date format. Any other value stays what it is. What still is a number remains one.
 *
 * @throws PayloadFailure `format_malformed`
 */
export function formatValue(value: unknown, format: string, budget: Budget): unknown {
  const problem = judgeFormat(format);
  if (problem) throw new PayloadFailure('format_malformed', problem.message, null, problem.params);
  const isNumber = typeof value === 'number' || value instanceof WrittenNumber;
  if ((!isNumber && typeof value !== 'string') || format === '') return value;
  const source = textOf(value, budget);
  const time = isNumber ? undefined : readCivilTime(source);
  if (time) return formatDate(time, format);
  const decimal = readDecimal(source.trim());
  if (!decimal) return value;
  const text = formatNumber(decimal, format);
  return isNumber && isJsonNumber(text) ? new WrittenNumber(text) : text;
}
