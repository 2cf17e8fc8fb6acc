export type IdentityProblemCode =
  | 'certificate_unreadable'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'certificate_not_usable'
  | 'key_unreadable'
  | 'key_mismatch'
  | 'passphrase_wrong'
  | 'ca_unreadable'
  | 'ca_expired';

/** What is wrong with a certificate, key or authority somebody gave; `message` says what to change. */
export interface IdentityProblem {
  readonly ok: false;
  readonly code: IdentityProblemCode;
  readonly message: string;
}

export function problem(code: IdentityProblemCode, message: string): IdentityProblem {
  return { ok: false, code, message };
}
