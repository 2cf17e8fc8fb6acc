import type { WebhookView } from '../data/webhooks.ts';

export type AuthType = 'none' | 'basic' | 'bearer' | 'header' | 'oauth2';

/** Secrets are empty where one is kept: then it stays. */
export interface AuthDraft {
  type: AuthType;
  /** Whether it is written down anew; secrets that are kept are never shown. */
  changed: boolean;
  username: string;
  password: string;
  token: string;
  headerName: string;
  headerValue: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string;
}

const NO_AUTH: AuthDraft = {
  type: 'none',
  changed: false,
  username: '',
  password: '',
  token: '',
  headerName: '',
  headerValue: '',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  scope: '',
};

export function authDraftOf(auth: WebhookView['auth']): AuthDraft {
  if (auth === null) return { ...NO_AUTH };
  const draft = { ...NO_AUTH, type: auth.type };
  if (auth.type === 'basic') return { ...draft, username: auth.username };
  if (auth.type === 'header') return { ...draft, headerName: auth.name };
  if (auth.type === 'bearer') return draft;
  return { ...draft, tokenUrl: auth.tokenUrl, clientId: auth.clientId, scope: auth.scope ?? '' };
}

export function authBody(auth: AuthDraft): unknown {
  switch (auth.type) {
    case 'none':
      return null;
    case 'basic':
      return { type: 'basic', username: auth.username, password: auth.password };
    case 'bearer':
      return { type: 'bearer', token: auth.token };
    case 'header':
      return { type: 'header', name: auth.headerName, value: auth.headerValue };
    case 'oauth2':
      return {
        type: 'oauth2',
        tokenUrl: auth.tokenUrl,
        clientId: auth.clientId,
        clientSecret: auth.clientSecret,
        ...(auth.scope !== '' && { scope: auth.scope }),
      };
  }
}

/** What is shown to receivers that ask for a certificate, and whom it trusts. What is kept is never shown, but its names. */
export interface CertificateDraft {
  /** `kept`: nothing of it changes. */
  change: 'kept' | 'none' | 'new';
  certificate: string;
  key: string;
  passphrase: string;
}

export interface AuthoritiesDraft {
  change: 'kept' | 'none' | 'new';
  pem: string;
}

export const KEPT_CERTIFICATE: CertificateDraft = {
  change: 'kept',
  certificate: '',
  key: '',
  passphrase: '',
};
export const KEPT_AUTHORITIES: AuthoritiesDraft = { change: 'kept', pem: '' };

export function certificateBody({ change, certificate, key, passphrase }: CertificateDraft): unknown {
  if (change === 'none') return null;
  return { certificate, key, ...(passphrase !== '' && { passphrase }) };
}

export function authoritiesBody({ change, pem }: AuthoritiesDraft): string | null {
  return change === 'none' ? null : pem;
}
