import { hash } from 'node:crypto';
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls';

/** What the connections of a webhook are made with, beside what all are. */
export interface TlsIdentity {
  /**
   * Another text whenever anything else of the identity is another: a connection made under one id isn't used
   * for a request under another.
   */
  readonly id: string;
  /**
   * The certificate shown to a server that asks for one, with its chain and key, as `judgeClientCertificate`
   * returns them.
   */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Authorities trusted beside the usual ones, as `judgeAuthorities` returns them. */
  readonly ca?: string | undefined;
}

/** Names an identity by a digest of what it consists of; undefined if that is nothing. */
export function toTlsIdentity(parts: Omit<TlsIdentity, 'id'>): TlsIdentity | undefined {
  const { cert, key, ca } = parts;
  if (cert === undefined && ca === undefined) return undefined;
  const id = hash('sha256', JSON.stringify([cert, key, ca]));
  return { id, cert, key, ca };
}

/** Makes what the TLS sockets of an identity have in common. @throws OpenSSL's error if it can't be used */
export type SecureContexts = (identity: TlsIdentity | undefined) => SecureContext;

interface NativeContext {
  addCACert?: (pem: string) => void;
}

const minVersion = 'TLSv1.2';

/**
 * Connections without an identity share one context.
 *
 * @param ca authorities every connection trusts beside the usual ones, in PEM
 */
export function createSecureContexts(ca: string | undefined): SecureContexts {
  const shared = createSecureContext({ ca: ca === undefined ? undefined : withUsual(ca), minVersion });
  return (identity) => {
    if (identity === undefined) return shared;
    const { cert, key } = identity;
    // So that the certificate of an issuing authority, or of the server itself, can be trusted without its
    // root.
    const options = { cert, key, minVersion, allowPartialTrustChain: identity.ca !== undefined } as const;
    const trusted = [ca, identity.ca].filter((pem) => pem !== undefined);
    return trusted.length === 0 ? createSecureContext(options) : contextTrusting(trusted, options);
  };
}

/**
 * Node takes `ca` in place of the usual authorities, and to read all of these again takes some 60 ms on this
 * thread and a megabyte for each context. The object underneath can add to those it has, which takes 2 ms.
 * Node doesn't document it; where it's missing the long way is gone.
 */
export function contextTrusting(
  trusted: readonly string[],
  options: SecureContextOptions,
  nativeOf: (context: SecureContext) => NativeContext = ({ context }) => context,
): SecureContext {
  const context = createSecureContext(options);
  const native = nativeOf(context);
  if (native.addCACert === undefined) return createSecureContext({ ...options, ca: withUsual(...trusted) });
  for (const pem of trusted) native.addCACert(pem);
  return context;
}

function withUsual(...trusted: string[]): string[] {
  return [...getCACertificates('default'), ...trusted];
}
