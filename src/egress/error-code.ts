/** The `code` of a Node or undici error, or an empty string. Takes whatever was thrown. */
export function errorCode(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
