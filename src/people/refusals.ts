import { WaybillError } from '../errors.ts';

/** It is there and can be seen; this caller may not do that with it. */
export function mayNot(reason: string): WaybillError {
  return new WaybillError('forbidden', 403, reason);
}
