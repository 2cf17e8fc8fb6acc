interface Searched {
  readonly subject?: string;
  readonly eventId?: string;
}

const EVENT_ID = /^evt_[0-9a-f]{32}$/;

/** What a text that is typed into the one field of search asks for: an event by its id, or else a subject. */
export function searchFor(text: string): Required<Searched> {
  return EVENT_ID.test(text) ? { eventId: text, subject: '' } : { eventId: '', subject: text };
}

/** The text that asks for it. */
export function searchedFor({ subject, eventId }: Searched): string {
  return eventId || subject || '';
}
