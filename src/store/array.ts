/**
 * An array literal of PostgreSQL, for values that need no quoting: UUIDs, numbers, booleans, ISO times, and words
 * of our own. The driver would quote and escape every element.
 */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'null').join(',')}}`;
}

// JSON holds no control characters but tab, line feed and carriage return (RFC 8259, 2 and 7); nor does base64.
const SEPARATOR = '\u001e';

/** SQL that takes apart what `packTexts` has put together; an empty text is null. */
export function unpackTexts(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\x1e', '')`;
}

/** Texts of JSON or base64 as one parameter: escaping the quotes of JSON for an array costs more than all else. */
export function packTexts(texts: readonly (string | null)[]): string {
  return texts.map((text) => text ?? '').join(SEPARATOR);
}
