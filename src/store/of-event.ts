/**
 * The deliveries of one event, for a `from`: read by the event's id and nothing else, whatever stands around it.
 *
 * An event has few deliveries, a webhook may have millions. As long as nothing has analysed the tables the planner can't
 * know: asked for the last delivery of an event to a webhook it walks backwards through all of the webhook's. What stands
 * behind an `offset` is planned for itself, where an event's id is all there is to look things up by.
 *
 * @param eventId an expression of SQL
 */
export function ofEvent(eventId: string): string {
  return `(
    select id, account_id, webhook_id, status, settled_at
    from waybill.deliveries where event_id = ${eventId} offset 0
  )`;
}
