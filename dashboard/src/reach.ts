import { useSyncExternalStore } from 'react';
import { ApiProblem } from './api.ts';

const BAD_GATEWAY = 502;

let lastReachedAt = Date.now();
let unreachedSince: number | null = null;
const listeners = new Set<() => void>();

function become(since: number | null): void {
  if (since === unreachedSince) return;
  unreachedSince = since;
  for (const listener of listeners) listener();
}

/** Says that the server has answered. */
export function noteReached(): void {
  lastReachedAt = Date.now();
  become(null);
}

/** Says that something failed. What the API itself refuses is an answer. */
export function noteFailure(error: unknown): void {
  if (isUnreachable(error)) become(unreachedSince ?? lastReachedAt);
  else if (error instanceof ApiProblem) noteReached();
}

/** @returns when the server answered last, where it doesn't any more; null while it does */
export function useUnreachedSince(): number | null {
  return useSyncExternalStore(subscribe, getUnreachedSince);
}

export function getUnreachedSince(): number | null {
  return unreachedSince;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A gateway before the server answers for it, but without a code of ours. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return error.status === 0 || (error.status >= BAD_GATEWAY && error.code === 'unknown');
}
