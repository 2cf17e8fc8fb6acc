import type { OutgoingRequest } from '../egress/send.ts';
import { toWireId } from '../ids.ts';
import type { PayloadErrorCode, PayloadParams } from '../payload/failure.ts';
import { type CompiledPayload, renderPayload } from '../payload/payload.ts';
import { isBodyShared, renderBody, renderHeaders } from '../profile/engine.ts';
import { payloadVersionOf } from '../profile/profile.ts';
import type { Subject } from '../profile/subject.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';

/** A request that is ready to go out. */
export type Prepared = OutgoingRequest & { readonly startedAt: number; readonly subject: Subject };

/** Why no request could be made, as a stable code. */
export type NotSentCode =
  | PayloadErrorCode
  | 'empty'
  | 'event_gone'
  | 'not_prepared'
  | 'profile_missing'
  | 'url_scheme'
  | 'webhook_unusable';

/** A stable code, and a lower-case phrase without a full stop. */
export interface Failure {
  readonly code: NotSentCode;
  readonly reason: string;
  /** The values in the reason; absent: it holds none. */
  readonly params?: PayloadParams;
}

/** A request that can't be made. */
export interface Unprepared {
  readonly url: string;
  readonly startedAt: number;
  readonly failure: Failure;
}

/**
 * Makes the request of one attempt, as the webhook's profile says. It is made and signed when it is sent, so that
 * a retry carries today's secret, headers and URL; the event's id stays the same. Who sends it is said last, by
 * `sendAuthorized`.
 *
 * @param nowMs milliseconds since 1970
 * @returns the request; or why there is none: a template that doesn't fit this event, a URL that its profile refuses
 */
export function prepare(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  nowMs: number,
  connectTimeoutMs: number,
): Prepared | Unprepared {
  const refused = refusedBy(webhook, nowMs);
  if (refused) return refused;
  const subject = subjectOf(delivery, webhook, nowMs);
  const body = bodyOf(delivery, webhook, subject);
  if ('failure' in body) return { url: webhook.url, startedAt: nowMs, failure: body.failure };
  return requestOf(webhook, subject, body.bytes, nowMs, connectTimeoutMs);
}

/** Why nothing at all can be sent to a webhook; undefined: something can. */
export function refusedBy(webhook: LiveWebhook, nowMs: number): Unprepared | undefined {
  const failure = webhook.unusable ?? insecure(webhook);
  return failure ? { url: webhook.url, startedAt: nowMs, failure } : undefined;
}

/** The request that carries a body, signed. @param subject what it is about */
export function requestOf(
  webhook: LiveWebhook,
  subject: Subject,
  body: Buffer,
  nowMs: number,
  connectTimeoutMs: number,
): Prepared {
  const secrets = webhook.secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > nowMs)
    .map((secret) => secret.text);
  const ownHeaders = renderHeaders(webhook.profile, subject, body, secrets);
  return {
    url: webhook.url,
    // Webhooks that lead to one host wait for each other no more than any others do.
    isolation: webhook.id,
    headers: {
      ...underlaid(webhook.headers, ownHeaders),
      ...ownHeaders,
      ...(webhook.payload && { 'content-type': contentTypeOf(webhook.payload) }),
    },
    body,
    timeoutMs: webhook.timeoutMs,
    connectTimeoutMs,
    tls: webhook.tls,
    startedAt: nowMs,
    subject,
  };
}

/** It is asked again with each request: the profile may have been another when the webhook was set up. */
function insecure({ profile, url, auth }: LiveWebhook): Failure | undefined {
  if (!profile.httpsOnly) return undefined;
  const urls = auth?.type === 'oauth2' ? [url, auth.tokenUrl] : [url];
  if (urls.every((one) => one.startsWith('https:'))) return undefined;
  const ofTokens = url.startsWith('https:');
  const which = ofTokens ? 'the token URL of the webhook' : 'its URL';
  const reason = `was not sent, because the profile ${profile.name} wants https, and ${which} is not`;
  return {
    code: 'url_scheme',
    reason,
    params: { why: ofTokens ? 'token_url' : 'url', profile: profile.name },
  };
}

/** Those of the webhook that the profile doesn't set, in whatever case they are written (RFC 9110, 5.1). */
function underlaid(
  headers: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = Object.keys(headers);
  if (names.length === 0) return headers;
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !taken.has(name.toLowerCase())));
}

type Body = { readonly bytes: Buffer } | { readonly failure: Failure };

function bodyOf({ event }: QueuedDelivery, webhook: LiveWebhook, subject: Subject): Body {
  const { profile, payload } = webhook;
  if (payload) return bodyFromTemplate(payload, subject);
  const render = (): string => renderBody(profile, subject);
  return { bytes: isBodyShared(profile) ? event.sharedBody(profile, render) : Buffer.from(render()) };
}

/** The body that a webhook's own template makes of an event, or why it makes none. */
export function bodyFromTemplate(payload: CompiledPayload, { event }: Subject): Body {
  const { data, occurredAt: time, ...rest } = event;
  const rendered = renderPayload(payload, { data, event: { ...rest, time } });
  if ('body' in rendered) return { bytes: Buffer.from(rendered.body) };
  const { code, message, line, params } = rendered.error;
  const where = line === null ? 'the template' : `line ${line} of the template`;
  const said = message.replace(/\.$/, '');
  const reason = `was not sent, because of ${where}: ${said}`;
  return { failure: { code, reason, params: { ...params, ...(line !== null && { line }) } } };
}

/** JSON is UTF-8 by itself (RFC 8259, 8.1); of text and XML it is said. */
function contentTypeOf({ mimeType }: CompiledPayload): string {
  return mimeType === 'application/json' ? mimeType : `${mimeType}; charset=utf-8`;
}

export function subjectOf(delivery: QueuedDelivery, webhook: LiveWebhook, nowMs: number): Subject {
  const { event } = delivery;
  return {
    event: {
      id: toWireId('evt', event.id),
      type: event.type,
      occurredAt: event.occurredAt,
      subject: event.subject,
      channel: event.channel,
      version: event.version,
      data: event.data,
    },
    payloadVersion: payloadVersionOf(webhook.profile, event.type, event.version),
    delivery: { id: toWireId('dlv', delivery.id) },
    attempt: { number: delivery.attempts + 1, timestampSeconds: Math.floor(nowMs / 1000) },
    webhook: { id: toWireId('wh', webhook.id) },
  };
}
