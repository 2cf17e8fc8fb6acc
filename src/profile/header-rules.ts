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

/** What is wrong with a header: which rule it breaks, and the same in words. */
export interface HeaderProblem {
  readonly rule: string;
  readonly message: string;
}

const FOR_CREDENTIALS: HeaderProblem = {
  rule: 'header_for_credentials',
  message: 'is for credentials, which are not kept in plain headers',
};
const NOT_FOR_CREDENTIALS: HeaderProblem = {
  rule: 'header_not_for_credentials',
  message: 'is not a header credentials are sent in here',
};
const IS_RESERVED: HeaderProblem = {
  rule: 'header_reserved',
  message: 'is reserved: Waybill sets it itself',
};
const NO_NAME: HeaderProblem = {
  rule: 'header_name',
  message: 'is not a header name (RFC 9110: letters, digits and - only, no spaces)',
};
const NO_VALUE: HeaderProblem = { rule: 'header_value', message: 'is not visible ASCII in one line' };
const LONG_VALUE: HeaderProblem = {
  rule: 'header_value_length',
  message: 'is longer than 2048 characters',
};

/** As an issue of a schema says it. */
export function brokenRule({ rule, message }: HeaderProblem): {
  message: string;
  params: { rule: string };
} {
  return { message, params: { rule } };
}

/** What is wrong with a header somebody wants sent along; undefined if nothing is. */
export function headerProblem(name: string, value: string): HeaderProblem | undefined {
  if (CREDENTIALS.has(name.toLowerCase())) return FOR_CREDENTIALS;
  const problem = headerNameProblem(name);
  if (problem !== undefined) return problem;
  const valueProblem = headerValueProblem(value);
  return valueProblem && { ...valueProblem, message: `has a value that ${valueProblem.message}` };
}

/** What is wrong with a name as that of the header a webhook's credentials are sent in; undefined if nothing is. */
export function credentialHeaderProblem(name: string): HeaderProblem | undefined {
  const lower = name.toLowerCase();
  if (CREDENTIALS.has(lower) && lower !== 'authorization') return NOT_FOR_CREDENTIALS;
  return headerNameProblem(name);
}

function headerNameProblem(name: string): HeaderProblem | undefined {
  const lower = name.toLowerCase();
  if (RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) {
    return IS_RESERVED;
  }
  if (!NAME.test(name)) return NO_NAME;
  return undefined;
}

/** What is wrong with the value of a header; undefined if nothing is. */
export function headerValueProblem(value: string): HeaderProblem | undefined {
  if (!VALUE.test(value)) return NO_VALUE;
  if (value.length > 2048) return LONG_VALUE;
  return undefined;
}
