import type { SchemaObject } from './subschemas.ts';

/** What a reference stands for, beside the data and the payload, in a body or a header. */
export interface ReferenceContext {
  readonly typeName: string;
  /** Of the payload; null for a type that has but one. */
  readonly version: string | null;
  /** Whether what stands for an event or a delivery may stand for a batch of them. */
  readonly ofBatches: boolean;
}

const TEXT_OR_NULL = ['string', 'null'];

/** The schema of what a reference stands for; undefined for the data, its members and the payload. */
export function referenceSchema(
  reference: string,
  { typeName, version, ofBatches }: ReferenceContext,
): SchemaObject | undefined {
  switch (reference) {
    case 'event.id':
      return id(
        ofBatches ? '(?:evt|bat)' : 'evt',
        'The event. The same in every attempt, so that repeated ones can be dropped.',
      );
    case 'event.type':
      return { type: 'string', const: typeName, description: 'What has happened.' };
    case 'event.time':
      return { type: 'string', format: 'date-time', description: 'When it happened, in UTC.' };
    case 'event.timestamp':
      return { type: 'integer', description: 'When it happened, in seconds since 1970.' };
    case 'event.subject':
      return { type: TEXT_OR_NULL, description: 'What the event is about; null if that was not said.' };
    case 'event.channel':
      return { type: TEXT_OR_NULL, description: 'Where the event comes from; null if that was not said.' };
    case 'event.version':
      return {
        type: TEXT_OR_NULL,
        description: 'The version the event was published in; null if it names none.',
      };
    case 'payload.version':
      return payloadVersion(version);
    case 'delivery.id':
      return id(
        ofBatches ? '(?:dlv|bat)' : 'dlv',
        'This event on its way to this webhook. The same in every attempt.',
      );
    case 'attempt.number':
      return { type: 'integer', minimum: 1, description: 'Counts the requests of one delivery.' };
    case 'attempt.timestamp':
      return { type: 'integer', description: 'When this request was made, in seconds since 1970.' };
    case 'webhook.id':
      return id('wh', 'The webhook this was sent to.');
    default:
      return undefined;
  }
}

function id(prefix: string, description: string): SchemaObject {
  return { type: 'string', pattern: `^${prefix}_[0-9a-f]{32}$`, description };
}

function payloadVersion(version: string | null): SchemaObject {
  const description = 'The version of the payload.';
  if (version !== null) return { type: 'string', const: version, description };
  return { type: TEXT_OR_NULL, description };
}
