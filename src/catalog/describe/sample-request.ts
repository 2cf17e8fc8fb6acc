import { renderBody, renderHeaders } from '../../profile/engine.ts';
import { type Profile, payloadVersionOf, secretKindOf } from '../../profile/profile.ts';
import type { Subject } from '../../profile/subject.ts';
import type { EventType } from '../event-type.ts';

/** A request as it would be sent. */
export interface SampleRequest {
  /** JSON. */
  readonly body: string;
  /** By name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

const BYTES = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');

/** Known to everyone who reads a description, so that its examples can be checked. */
const SAMPLE_SECRETS = { text: 'an-example-secret', whsec: `whsec_${BYTES}`, whsk: `whsk_${BYTES}` } as const;

/** What the requests in the description of this wire format are signed with. */
export function sampleSecretOf(format: Parameters<typeof secretKindOf>[0]): string {
  return SAMPLE_SECRETS[secretKindOf(format)];
}

/** The request for an event type's sample, made by the engine; undefined if there is no sample. */
export function sampleRequest(profile: Profile, type: EventType): SampleRequest | undefined {
  if (type.sample === undefined) return undefined;
  const subject = sampleSubject(profile, type);
  const body = renderBody(profile, subject);
  const headers = renderHeaders(profile, subject, Buffer.from(body), [sampleSecretOf(profile)]);
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { body, headers: new Map(lowered) };
}

function sampleSubject(profile: Profile, type: EventType): Subject {
  return {
    event: {
      id: 'evt_0195f1a2b3c47d5e8f60718293a4b5c6',
      type: type.name,
      occurredAt: '2026-03-13T14:30:00.000Z',
      subject: null,
      channel: null,
      version: null,
      data: JSON.stringify(type.sample),
    },
    payloadVersion: payloadVersionOf(profile, type.name, null),
    delivery: { id: 'dlv_0195f1a2b3c47d5e8f60718293a4b5c7' },
    attempt: { number: 1, timestampSeconds: 1_773_412_205 },
    webhook: { id: 'wh_0195f1a2b3c47d5e8f60718293a4b5c8' },
  };
}
