import type { Condition } from '../../../src/condition/condition.ts';
import type { WebhookView } from '../data/webhooks.ts';

/** A webhook as it stands in the form: texts and choices, not yet checked. */
export interface WebhookDraft {
  name: string;
  url: string;
  active: boolean;
  allEvents: boolean;
  events: string[];
  channels: string[];
  profile: string;
  unique: boolean;
  priority: number;
  ordered: boolean;
  auth: AuthDraft;
  payload: { mimeType: string; template: string };
  condition: Condition | null;
  /** Seconds, separated by commas; empty: those of the profile. */
  retrySchedule: string;
  perSecond: number | '';
  inFlight: number | '';
  timeoutSeconds: number;
  headers: { name: string; value: string }[];
}

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

export function emptyDraft(): WebhookDraft {
  return {
    name: '',
    url: '',
    active: true,
    allEvents: false,
    events: [],
    channels: [],
    profile: '',
    unique: false,
    priority: 5,
    ordered: false,
    auth: { ...NO_AUTH },
    payload: { mimeType: 'application/json', template: '' },
    condition: null,
    retrySchedule: '',
    perSecond: '',
    inFlight: '',
    timeoutSeconds: 15,
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
    unique: webhook.unique,
    priority: webhook.priority,
    ordered: webhook.ordering === 'subject',
    auth: authDraftOf(webhook.auth),
    payload: webhook.payload ?? { mimeType: 'application/json', template: '' },
    condition: webhook.condition,
    retrySchedule: webhook.retry?.schedule.join(', ') ?? '',
    perSecond: webhook.rateLimit?.perSecond ?? '',
    inFlight: webhook.rateLimit?.inFlight ?? '',
    timeoutSeconds: webhook.timeoutMs / 1000,
    headers: Object.entries(webhook.headers).map(([name, value]) => ({ name, value })),
  };
}

function authDraftOf(auth: WebhookView['auth']): AuthDraft {
  if (auth === null) return { ...NO_AUTH };
  const draft = { ...NO_AUTH, type: auth.type };
  if (auth.type === 'basic') return { ...draft, username: auth.username };
  if (auth.type === 'header') return { ...draft, headerName: auth.name };
  if (auth.type === 'bearer') return draft;
  return { ...draft, tokenUrl: auth.tokenUrl, clientId: auth.clientId, scope: auth.scope ?? '' };
}

/** The body of a request that saves a draft. Of what isn't in it nothing changes. */
export function bodyOf(draft: WebhookDraft): Record<string, unknown> {
  return {
    ...(draft.name.trim() !== '' && { name: draft.name.trim() }),
    url: draft.url.trim(),
    events: draft.allEvents ? ['*'] : draft.events,
    channels: draft.channels,
    ...(draft.profile !== '' && { profile: draft.profile }),
    unique: draft.unique,
    priority: draft.priority,
    ordering: draft.ordered ? 'subject' : 'none',
    ...(draft.auth.changed && { auth: authBody(draft.auth) }),
    payload: draft.payload.template.trim() === '' ? null : draft.payload,
    condition: draft.condition,
    retry: scheduleOf(draft.retrySchedule),
    rateLimit: rateLimitOf(draft),
    timeoutMs: Math.round(draft.timeoutSeconds * 1000),
    headers: Object.fromEntries(
      draft.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
    ),
  };
}

function authBody(auth: AuthDraft): unknown {
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
  auth: 'authentication',
  clientCertificate: 'authentication',
  tlsCa: 'authentication',
  payload: 'payload',
  condition: 'condition',
  retry: 'delivery',
  rateLimit: 'delivery',
  timeoutMs: 'delivery',
  headers: 'delivery',
};

/** On which tab a field of the API stands: `retry.schedule[0]` on that of deliveries. */
export function tabOf(path: string): Tab {
  return TAB_OF[path.split(/[.[]/)[0] ?? ''] ?? 'general';
}
