/** A token (RFC 9110, 5.6.2). */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
/** Visible ASCII, spaces and tabs inside (RFC 9110, 5.5): never a line break, which would begin another header. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;

/** Those that say how the message is framed and sent, or who sends it: they are Waybill's to set. */
const RESERVED = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
]);
const RESERVED_PREFIXES = ['webhook-', 'proxy-', 'sec-', ':'];
/** Headers are kept and shown in the clear. */
const CREDENTIALS = new Set(['authorization', 'cookie', 'set-cookie', 'proxy-authorization']);

/** What is wrong with a header somebody wants sent along; undefined if nothing is. */
export function headerProblem(name: string, value: string): string | undefined {
  if (CREDENTIALS.has(name.toLowerCase())) return 'is for credentials, which are not kept in plain headers';
  const problem = headerNameProblem(name);
  if (problem !== undefined) return problem;
  const valueProblem = headerValueProblem(value);
  return valueProblem && `has a value that ${valueProblem}`;
}

/** What is wrong with a name as that of the header a webhook's credentials are sent in; undefined if nothing is. */
export function credentialHeaderProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (CREDENTIALS.has(lower) && lower !== 'authorization')
    return 'is not a header credentials are sent in here';
  return headerNameProblem(name);
}

function headerNameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return 'is reserved: Waybill sets it itself';
  }
  if (!NAME.test(name)) return 'is not a header name (RFC 9110: letters, digits and - only, no spaces)';
  return undefined;
}

/** What is wrong with the value of a header; undefined if nothing is. */
export function headerValueProblem(value: string): string | undefined {
  if (!VALUE.test(value)) return 'is not visible ASCII in one line';
  if (value.length > 2048) return 'is longer than 2048 characters';
  return undefined;
}
