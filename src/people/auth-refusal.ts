import { WaybillError } from '../errors.ts';

/** What the library refuses, in our words. */
const REFUSALS: Readonly<Record<string, () => WaybillError>> = {
  INVALID_EMAIL_OR_PASSWORD: signInFailed,
  INVALID_EMAIL: signInFailed,
  PASSWORD_TOO_LONG: signInFailed,
  UNAUTHORIZED: () => new WaybillError('unauthorized', 401, 'The session has ended. Sign in again.'),
};

export function signInFailed(): WaybillError {
  return new WaybillError('sign_in_failed', 401, 'The e-mail or the password is wrong.');
}

/** Lets the library do something, and turns what it refuses into an error of ours; an outage stays one. */
export async function withLibrary<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('body' in error)) return error;
  const { body } = error;
  const code = typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
  const refusal = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (refusal) return refusal();
  return 'cause' in error && error.cause !== undefined ? error.cause : error;
}
