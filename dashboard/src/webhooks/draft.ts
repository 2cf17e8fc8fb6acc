import type { Condition } from '../../../src/condition/condition.ts';
import type { FieldProblem } from '../api.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { readCondition } from './condition-rules.ts';
import { isSimple } from './condition-tree.ts';
import {
  type AuthDraft,
  type AuthoritiesDraft,
  authBody,
  authDraftOf,
  authoritiesBody,
  type CertificateDraft,
  certificateBody,
  KEPT_AUTHORITIES,
  KEPT_CERTIFICATE,
} from './credentials-draft.ts';
import { type BatchDraft, batchBody, batchDraftOf } from './delivery-draft.ts';

/** What the API takes where nothing is given, and so what a number means that was deleted. */
export const DEFAULT_PRIORITY = 5;
export const DEFAULT_TIMEOUT_SECONDS = 15;

/** A webhook as it stands in the form: texts and choices, not yet checked. */
export interface WebhookDraft {
  name: string;
  url: string;
  active: boolean;
  allEvents: boolean;
  events: string[];
  channels: string[];
  profile: string;
  /** Of payloads; empty: the usual one. */
  payloadVersion: string;
  unique: boolean;
  priority: number | '';
  ordered: boolean;
  /** Of one's own, while it hasn't been saved yet; empty: one is made. */
  secret: string;
  auth: AuthDraft;
  clientCertificate: CertificateDraft;
  tlsCa: AuthoritiesDraft;
  payload: { mimeType: string; template: string };
  /** Of the builder. */
  condition: Condition | null;
  /** What is typed where the builder can't show the condition; null where it can. */
  conditionJson: string | null;
  /** Values by the name of a filter. */
  filters: Record<string, (string | number)[]>;
  /** null: each event goes alone. */
  batch: BatchDraft | null;
  /** Seconds, separated by commas; empty: those of the profile. */
  retrySchedule: string;
  perSecond: number | '';
  inFlight: number | '';
  timeoutSeconds: number | '';
  disableAfterDays: number | '';
  headers: { name: string; value: string }[];
}

export function emptyDraft(): WebhookDraft {
  return {
    name: '',
    url: '',
    active: true,
    allEvents: false,
    events: [],
    channels: [],
    profile: '',
    payloadVersion: '',
    unique: false,
    priority: DEFAULT_PRIORITY,
    ordered: false,
    secret: '',
    auth: authDraftOf(null),
    clientCertificate: KEPT_CERTIFICATE,
    tlsCa: KEPT_AUTHORITIES,
    payload: { mimeType: 'application/json', template: '' },
    condition: null,
    conditionJson: null,
    filters: {},
    batch: null,
    retrySchedule: '',
    perSecond: '',
    inFlight: '',
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
    disableAfterDays: '',
    headers: [],
  };
}

export function draftOf(webhook: WebhookView): WebhookDraft {
  return {
    name: webhook.name,
    url: webhook.url,
    active: webhook.status === 'active',
    allEvents: webhook.events.includes('*'),
    events: webhook.events.filter((event) => event !== '*'),
    channels: [...webhook.channels],
    profile: webhook.profile,
    payloadVersion: webhook.payloadVersion ?? '',
    unique: webhook.unique,
    priority: webhook.priority,
    ordered: webhook.ordering === 'subject',
    secret: '',
    auth: authDraftOf(webhook.auth),
    clientCertificate: KEPT_CERTIFICATE,
    tlsCa: KEPT_AUTHORITIES,
    payload: webhook.payload ?? { mimeType: 'application/json', template: '' },
    condition: webhook.condition,
    conditionJson: isSimple(webhook.condition) ? null : JSON.stringify(webhook.condition, null, 2),
    filters: webhook.filters,
    batch: batchDraftOf(webhook.batch),
    retrySchedule: webhook.retry?.schedule.join(', ') ?? '',
    perSecond: webhook.rateLimit?.perSecond ?? '',
    inFlight: webhook.rateLimit?.inFlight ?? '',
    timeoutSeconds: webhook.timeoutMs / 1000,
    disableAfterDays: webhook.disableAfterDays ?? '',
    headers: Object.entries(webhook.headers).map(([name, value]) => ({ name, value })),
  };
}

/**
 * A form after it was saved: as the API answered, but for what was typed since it was sent.
 *
 * @param now the form as it stands
 * @param sent as it stood when it was saved
 */
export function afterSaving(now: WebhookDraft, sent: WebhookDraft, saved: WebhookDraft): WebhookDraft {
  const before = new Map<string, unknown>(Object.entries(sent));
  const typed = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.get(name)),
  );
  return { ...saved, ...Object.fromEntries(typed) };
}

/** The body of a request that saves a draft. Of what isn't in it nothing changes. */
export function bodyOf(draft: WebhookDraft): Record<string, unknown> {
  return {
    name: draft.name.trim() || null,
    url: draft.url.trim(),
    events: draft.allEvents ? ['*'] : draft.events,
    channels: draft.channels,
    ...(draft.profile !== '' && { profile: draft.profile }),
    payloadVersion: draft.payloadVersion || null,
    unique: draft.unique,
    priority: draft.priority === '' ? DEFAULT_PRIORITY : draft.priority,
    ordering: draft.ordered ? 'subject' : 'none',
    ...(draft.secret !== '' && { secret: draft.secret }),
    ...(draft.auth.changed && { auth: authBody(draft.auth) }),
    ...(draft.clientCertificate.change !== 'kept' && {
      clientCertificate: certificateBody(draft.clientCertificate),
    }),
    ...(draft.tlsCa.change !== 'kept' && { tlsCa: authoritiesBody(draft.tlsCa) }),
    payload: draft.payload.template.trim() === '' ? null : draft.payload,
    condition: conditionBody(draft),
    filters: draft.filters,
    batch: batchBody(draft.batch),
    retry: scheduleOf(draft.retrySchedule),
    rateLimit: rateLimitOf(draft),
    timeoutMs: Math.round(
      (draft.timeoutSeconds === '' ? DEFAULT_TIMEOUT_SECONDS : draft.timeoutSeconds) * 1000,
    ),
    disableAfterDays: draft.disableAfterDays === '' ? null : draft.disableAfterDays,
    headers: Object.fromEntries(
      draft.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
    ),
  };
}

/**
 * The body of a request that saves what differs between a draft and the one that was last saved. What somebody else
 * changed meanwhile stays as they left it, and a webhook that was disabled stays so unless its switch was moved.
 */
export function changesOf(draft: WebhookDraft, saved: WebhookDraft): Record<string, unknown> {
  const before = bodyOf(saved);
  const changed = Object.entries(bodyOf(draft)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  return {
    ...Object.fromEntries(changed),
    ...(draft.active !== saved.active && { status: statusOf(draft) }),
  };
}

/** Where the name of a header stands in the form; the API has no place for one without a name. */
export function headerPath(index: number): string {
  return `headers[${index}].name`;
}

/** What the API could not be asked about: it would never get it. */
export function lackingIn({ headers }: WebhookDraft): readonly FieldProblem[] {
  return headers.flatMap(({ name, value }, index) =>
    name.trim() === '' && value.trim() !== ''
      ? [{ path: headerPath(index), code: 'required', message: 'is missing' }]
      : [],
  );
}

export function statusOf({ active }: WebhookDraft): 'active' | 'paused' {
  return active ? 'active' : 'paused';
}

/** What isn't JSON isn't saved. Where it is only tried out, the API says that it is no condition. */
function conditionBody({ condition, conditionJson }: WebhookDraft): unknown {
  if (conditionJson === null) return condition;
  const read = readCondition(conditionJson);
  return read === undefined ? conditionJson : read;
}

/** What isn't a number is sent as it is, for the API to say what is wrong with it. */
function scheduleOf(text: string): { schedule: unknown[] } | null {
  if (text.trim() === '') return null;
  return { schedule: text.split(/[,\s]+/).flatMap((part) => (part === '' ? [] : [numberOr(part)])) };
}

function numberOr(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function rateLimitOf({ perSecond, inFlight }: WebhookDraft): Record<string, number> | null {
  const limits = { ...(perSecond !== '' && { perSecond }), ...(inFlight !== '' && { inFlight }) };
  return Object.keys(limits).length > 0 ? limits : null;
}

export const TABS = ['general', 'authentication', 'payload', 'condition', 'delivery'] as const;
export type Tab = (typeof TABS)[number];

const TAB_OF: Readonly<Record<string, Tab>> = {
  secret: 'authentication',
  auth: 'authentication',
  clientCertificate: 'authentication',
  tlsCa: 'authentication',
  payload: 'payload',
  condition: 'condition',
  filters: 'condition',
  batch: 'delivery',
  disableAfterDays: 'delivery',
  retry: 'delivery',
  rateLimit: 'delivery',
  timeoutMs: 'delivery',
  headers: 'delivery',
};

/** On which tab a field of the API stands: `retry.schedule[0]` on that of deliveries. */
export function tabOf(path: string): Tab {
  return TAB_OF[path.split(/[.[]/)[0] ?? ''] ?? 'general';
}
