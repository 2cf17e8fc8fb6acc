import { postToApi, type Target as Server } from './api-request.ts';

export interface Target extends Server {
  readonly account: string;
}

/** The fields of an event beside its data. */
export interface EventHead {
  readonly type: string;
  readonly subject?: string | undefined;
  readonly channel?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Publishes over HTTP.
 *
 * @param data JSON, which goes out as it is: parsing it would change numbers and spacing
 * @returns the body of the answer
 * @throws Failure that says what the server refused, or that there is none
 */
export function postEvent(target: Target, head: EventHead, data: string): Promise<string> {
  // The head is an object with at least a type: its closing brace makes room for the data.
  const body = `${JSON.stringify(head).slice(0, -1)},"data":${data}}`;
  const path = `v1/accounts/${encodeURIComponent(target.account)}/events`;
  return postToApi(target, path, body, 'Whether it published is not known.');
}
