import type { Auth } from '../auth/settings.ts';
import type { ClientIdentity } from '../egress/client-identity.ts';
import type { TlsIdentity } from '../egress/send.ts';
import { toTlsIdentity } from '../egress/tls-identity.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { credentialContext, type SealedCredentialRow } from '../store/webhook-credentials.ts';

/** What a webhook shows to its receiver beside signatures, opened. */
export interface LiveCredentials {
  readonly auth: Auth | null;
  /** What its connections are made with; undefined: what all are. */
  readonly tls: TlsIdentity | undefined;
}

/**
 * @param sealed those of one webhook
 * @param tlsCa the authorities it trusts
 * @throws WaybillError `encryption_key_unknown`; Error if one has been tampered with
 */
export function openCredentials(
  sealed: readonly SealedCredentialRow[],
  tlsCa: string | null,
  keyring: Keyring,
): LiveCredentials {
  // What was sealed was checked then, and has the form it was checked to have.
  const opened = (kind: SealedCredentialRow['kind']): unknown => {
    const row = sealed.find((one) => one.kind === kind);
    return row === undefined ? undefined : JSON.parse(keyring.open(row, credentialContext(row)));
  };
  const identity = opened('client_certificate') as ClientIdentity | undefined;
  return {
    auth: (opened('auth') as Auth | undefined) ?? null,
    tls: toTlsIdentity({ ...identity, ca: tlsCa ?? undefined }),
  };
}
