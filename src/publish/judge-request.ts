import { setImmediate } from 'node:timers/promises';
import { requestBudget } from '../catalog/budget.ts';
import type { CheckedEvent } from './event.ts';
import type { EventWarning, Judge, Judgement } from './judge.ts';
import type { PublishRequest } from './plan.ts';

export type Judgements = ReadonlyMap<CheckedEvent, Judgement>;

// Others are served in between.
const MAX_TURN_MS = 10;
// Of one request. Beyond, an event is told one thing that is wrong with it.
const MAX_WARNINGS = 500;

/**
 * Judges the events of a request, within what all of them may take together.
 *
 * @param judge undefined: none is judged
 */
export async function judgeRequest({ events }: PublishRequest, judge?: Judge): Promise<Judgements> {
  const judgements = new Map<CheckedEvent, Judgement>();
  if (!judge) return judgements;
  const chars = events.reduce((sum, { data }) => sum + data.length, 0);
  const budget = requestBudget(chars, events.length);
  let turnBegan = performance.now();
  let warned = 0;
  for (const event of events) {
    const { rejects, warnings } = judge(event, budget);
    if (warnings.length > 0) judgements.set(event, { rejects, warnings: shorten(warnings, warned) });
    warned += warnings.length;
    if (performance.now() - turnBegan < MAX_TURN_MS) continue;
    await setImmediate();
    turnBegan = performance.now();
  }
  return judgements;
}

function shorten(warnings: readonly EventWarning[], before: number): readonly EventWarning[] {
  return warnings.slice(0, Math.max(1, MAX_WARNINGS - before));
}
