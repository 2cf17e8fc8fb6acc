import { expect, it, vi } from 'vitest';
import { ApiProblem } from './api.ts';
import { getUnreachedSince, noteFailure, noteReached } from './reach.ts';

it('a server counts as gone since it answered last, until it answers again, be it with a refusal', () => {
  vi.useFakeTimers({ now: 1_000 });
  noteReached();
  vi.setSystemTime(5_000);
  noteFailure(new ApiProblem(0, 'unreachable', 'The server cannot be reached.'));
  vi.setSystemTime(9_000);
  noteFailure(new ApiProblem(502, 'unknown', 'The server answered 502.'));
  expect(getUnreachedSince()).toBe(1_000);
  noteFailure(new TypeError('a mistake of ours'));
  expect(getUnreachedSince()).toBe(1_000);
  noteFailure(new ApiProblem(503, 'overloaded', 'Come back later.'));
  expect(getUnreachedSince()).toBeNull();
  vi.useRealTimers();
});
