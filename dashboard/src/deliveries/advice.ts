import type { TokenFailureCode } from '../../../src/auth/token-answer.ts';
import type { NotSentCode } from '../../../src/dispatch/prepare.ts';
import type { FailureCode } from '../../../src/egress/failure.ts';

type Advice =
  | 'url'
  | 'address'
  | 'tls'
  | 'timeout'
  | 'auth'
  | 'tokens'
  | 'network'
  | 'notFound'
  | 'gone'
  | 'rejected'
  | 'busy'
  | 'server'
  | 'success'
  | 'payload'
  | 'operator'
  | 'other';

const BY_STATUS: Readonly<Record<number, Advice>> = {
  401: 'auth',
  403: 'auth',
  404: 'notFound',
  405: 'notFound',
  407: 'auth',
  408: 'timeout',
  410: 'gone',
  429: 'busy',
  503: 'busy',
  504: 'timeout',
};

/** Of everything that goes wrong without an answer. What the server learns to say beside these doesn't compile here. */
export const BY_CODE: Readonly<Record<FailureCode | TokenFailureCode | NotSentCode, Advice>> = {
  address_not_allowed: 'address',
  dns_not_found: 'url',
  dns_failed: 'network',
  connection_refused: 'url',
  connection_reset: 'network',
  connect_timeout: 'url',
  timeout: 'timeout',
  tls_certificate_expired: 'tls',
  tls_certificate_not_yet_valid: 'tls',
  tls_self_signed: 'tls',
  tls_untrusted: 'tls',
  tls_name_mismatch: 'tls',
  tls_client_certificate_required: 'auth',
  tls_client_certificate_refused: 'auth',
  tls_client_certificate_unusable: 'auth',
  tls_failed: 'tls',
  unreachable: 'network',
  protocol_error: 'server',
  url_not_allowed: 'url',
  network_error: 'network',
  oauth_unreachable: 'tokens',
  oauth_unavailable: 'tokens',
  oauth_redirected: 'tokens',
  oauth_refused: 'tokens',
  oauth_malformed: 'tokens',
  oauth_token_type: 'tokens',
  url_scheme: 'url',
  empty: 'payload',
  event_gone: 'other',
  not_prepared: 'operator',
  profile_missing: 'operator',
  webhook_unusable: 'operator',
  template_too_large: 'payload',
  template_syntax: 'payload',
  tag_not_available: 'payload',
  filter_not_available: 'payload',
  nesting_too_deep: 'payload',
  loop_only_range: 'payload',
  field_not_closed: 'payload',
  field_malformed: 'payload',
  format_malformed: 'payload',
  range_malformed: 'payload',
  range_not_closed: 'payload',
  range_mismatch: 'payload',
  doctype_not_allowed: 'payload',
  data_malformed: 'payload',
  time_limit: 'payload',
  work_limit: 'payload',
  body_too_large: 'payload',
  filter_failed: 'payload',
  render_failed: 'payload',
  output_misplaced: 'payload',
  invalid_json: 'payload',
  invalid_xml: 'payload',
};

// The codes come from the server: `constructor` is none of them.
const ADVICE = new Map<string, Advice>(Object.entries(BY_CODE));

/** What somebody can do about an attempt that failed, by its code and the status of the answer. */
export function adviceFor(failureCode: string, statusCode: number | null): Advice {
  const known = ADVICE.get(failureCode);
  if (known) return known;
  if (statusCode === null) return 'other';
  const byStatus = BY_STATUS[statusCode];
  if (byStatus) return byStatus;
  if (statusCode >= 500) return 'server';
  if (statusCode >= 400) return 'rejected';
  return statusCode >= 300 ? 'url' : 'success';
}
