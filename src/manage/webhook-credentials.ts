import { type Auth, authSchema, clientCertificateSchema, tlsCaSchema } from '../auth/settings.ts';
import { type AuthView, viewAuth } from '../auth/view.ts';
import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/database.ts';
import { judgeAuthorities } from '../egress/authorities.ts';
import {
  type CertificateDescription,
  type ClientCertificate,
  type ClientIdentity,
  expiresSoon,
  type IdentityProblem,
  judgeClientCertificate,
} from '../egress/client-identity.ts';
import { invalid, type WaybillError } from '../errors.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { resolveAlerts } from '../store/alerts.ts';
import {
  type CredentialKind,
  credentialContext,
  deleteCredentials,
  putCredential,
  readCredentialViews,
} from '../store/webhook-credentials.ts';
import type { UrlRule } from './url-rule.ts';

/** How a webhook says who sends, and whom it trusts; null: nothing, and nobody but the usual authorities. */
export const credentialFields = {
  auth: authSchema.nullable(),
  clientCertificate: clientCertificateSchema.nullable(),
  tlsCa: tlsCaSchema.nullable(),
};

/** Of what is left out nothing changes. */
export interface GivenCredentials {
  readonly auth?: Auth | null | undefined;
  readonly clientCertificate?: ClientCertificate | null | undefined;
  readonly tlsCa?: string | null | undefined;
}

/** The same, checked and in the form it is kept in. */
export interface JudgedCredentials {
  readonly auth: Auth | null | undefined;
  readonly clientCertificate:
    | { readonly identity: ClientIdentity; readonly description: CertificateDescription }
    | null
    | undefined;
  readonly tlsCa: string | null | undefined;
}

/** What is kept of a webhook, as far as it may be shown. */
export interface KeptViews {
  readonly auth: AuthView | null;
  readonly clientCertificate: CertificateDescription | null;
}

const NOTHING: KeptViews = { auth: null, clientCertificate: null };
const KINDS = { auth: 'auth', clientCertificate: 'client_certificate' } as const;

export interface WebhookCredentialsOptions {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly urlRule: UrlRule;
}

/** What webhooks show to their receivers beside signatures. It is stored sealed, and never shown again. */
export class WebhookCredentials {
  readonly #options: WebhookCredentialsOptions;

  constructor(options: WebhookCredentialsOptions) {
    this.#options = options;
  }

  /**
   * Checks each by itself. May take a while: names are resolved, and keys decrypted.
   *
   * @throws WaybillError `validation_failed`
   */
  async judge({ auth, clientCertificate, tlsCa }: GivenCredentials): Promise<JudgedCredentials> {
    const { clock, urlRule } = this.#options;
    const authorities = tlsCa == null ? undefined : judgeAuthorities(tlsCa, clock.now());
    if (authorities?.ok === false) throw refused('tlsCa', authorities);
    const certificate =
      clientCertificate == null ? undefined : await judgeClientCertificate(clientCertificate, clock.now());
    if (certificate?.ok === false) throw refused('clientCertificate', certificate);
    return {
      auth:
        auth?.type === 'oauth2' ? { ...auth, tokenUrl: await urlRule(auth.tokenUrl, 'auth.tokenUrl') } : auth,
      clientCertificate: certificate ?? (clientCertificate === null ? null : undefined),
      tlsCa: authorities?.pem ?? (tlsCa === null ? null : undefined),
    };
  }

  /** Keeps what is given, and forgets what is null. The authorities are a column of the webhook itself. */
  async set(tx: Queryable, webhookId: string, judged: JudgedCredentials): Promise<void> {
    const { auth, clientCertificate } = judged;
    const unset: CredentialKind[] = [];
    if (auth) await this.#put(tx, { webhookId, kind: KINDS.auth }, auth, viewAuth(auth));
    else if (auth === null) unset.push(KINDS.auth);
    if (clientCertificate) {
      const { identity, description } = clientCertificate;
      await this.#put(tx, { webhookId, kind: KINDS.clientCertificate }, identity, description);
    } else if (clientCertificate === null) unset.push(KINDS.clientCertificate);
    if (unset.length > 0) await deleteCredentials(tx, webhookId, unset);
    if (clientCertificate === undefined) return;
    const now = new Date(this.#options.clock.now()).toISOString();
    await resolveAlerts(tx, webhookId, now, ['certificate_expires']);
  }

  async forget(tx: Queryable, webhookId: string): Promise<void> {
    await deleteCredentials(tx, webhookId, Object.values(KINDS));
  }

  /** What may be shown of those of these webhooks. */
  async views(db: Queryable, webhookIds: readonly string[]): Promise<(webhookId: string) => KeptViews> {
    const rows = webhookIds.length === 0 ? [] : await readCredentialViews(db, webhookIds);
    const views = new Map<string, KeptViews>();
    for (const { webhookId, kind, view } of rows) {
      const member = kind === KINDS.auth ? 'auth' : 'clientCertificate';
      views.set(webhookId, { ...(views.get(webhookId) ?? NOTHING), [member]: view });
    }
    return (webhookId) => views.get(webhookId) ?? NOTHING;
  }

  async #put(
    tx: Queryable,
    key: { readonly webhookId: string; readonly kind: CredentialKind },
    secret: object,
    view: object,
  ): Promise<void> {
    const sealed = this.#options.keyring.seal(JSON.stringify(secret), credentialContext(key));
    await putCredential(tx, { ...key, ...sealed, view });
  }
}

function refused(path: string, { code, message }: IdentityProblem): WaybillError {
  return invalid([{ path, code, message }]);
}

/** As the API shows them. */
export interface CredentialsView {
  /** Which header says who sends, without what is secret in it; null: none. */
  auth: AuthView | null;
  /** The certificate shown to a receiver that asks for one; null: none. */
  clientCertificate: (CertificateDescription & { readonly expiresSoon: boolean }) | null;
  /** Authorities it trusts beside the usual ones; null: none. */
  tlsCa: CertificateDescription[] | null;
}

export function credentialsView(kept: KeptViews, tlsCa: string | null, nowMs: number): CredentialsView {
  const { auth, clientCertificate } = kept;
  // They were checked when they were set, and are shown when they have expired too.
  const authorities = tlsCa === null ? undefined : judgeAuthorities(tlsCa, 0);
  return {
    auth,
    clientCertificate: clientCertificate && {
      ...clientCertificate,
      expiresSoon: expiresSoon(clientCertificate, nowMs),
    },
    tlsCa: authorities?.ok ? [...authorities.descriptions] : null,
  };
}
