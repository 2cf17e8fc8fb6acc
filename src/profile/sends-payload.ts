import type { WireFormat } from './profile.ts';

/** Whether what the payload of an event type makes of the data goes out, and not the data as it was published. */
export function sendsPayload({ body }: WireFormat): boolean {
  if (typeof body === 'string') return false;
  return body.some((field) => ('spread' in field ? field.spread : field.value) === 'event.payload');
}
