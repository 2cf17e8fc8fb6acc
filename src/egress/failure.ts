import type { Params } from '../errors.ts';

export type FailureCode =
  | 'address_not_allowed'
  | 'dns_not_found'
  | 'dns_failed'
  | 'connection_refused'
  | 'connection_reset'
  | 'connect_timeout'
  | 'timeout'
  | 'tls_certificate_expired'
  | 'tls_certificate_not_yet_valid'
  | 'tls_self_signed'
  | 'tls_untrusted'
  | 'tls_name_mismatch'
  | 'tls_client_certificate_required'
  | 'tls_client_certificate_refused'
  | 'tls_client_certificate_unusable'
  | 'tls_failed'
  | 'unreachable'
  | 'protocol_error'
  | 'url_not_allowed'
  | 'network_error';

/** Why a request got no usable answer. `reason` is public text: a lower-case phrase without a full stop. */
export interface SendFailure {
  readonly code: FailureCode;
  readonly reason: string;
  /** The values in the reason; `why` tells apart what one code says of different things. Absent: it holds none. */
  readonly params?: Params;
}
