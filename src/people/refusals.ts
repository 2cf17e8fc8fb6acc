import { WaybillError } from '../errors.ts';

/** What stands in the way: their role, that they own nothing, or what they have come by. */
export type Forbidden = 'role' | 'owners' | 'guest' | 'session';

/** It is there and can be seen; this caller may not do that with it. */
export function mayNot(reason: string, why: Forbidden): WaybillError {
  return new WaybillError('forbidden', 403, reason, { params: { why } });
}
