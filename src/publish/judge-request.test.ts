import { expect, it } from 'vitest';
import type { CheckedEvent } from './event.ts';
import type { EventWarning } from './judge.ts';
import { judgeRequest } from './judge-request.ts';
import type { PublishRequest } from './plan.ts';

const warning = (index: number): EventWarning => ({
  path: `data.m${index}`,
  rule: 'type',
  message: 'is wrong',
});
const warnings = (count: number) => Array.from({ length: count }, (_, index) => warning(index));

/** How many things each of these events is told, if that many are wrong with each. */
async function toldOf(wrong: readonly number[]): Promise<(number | undefined)[]> {
  const events = wrong.map((_, index) => ({ type: `t${index}`, data: '1' }) as CheckedEvent);
  const judge = (event: CheckedEvent) => {
    return { rejects: true, warnings: warnings(wrong[events.indexOf(event)] ?? 0) };
  };
  const judgements = await judgeRequest(
    { accountId: 'acme', events, idempotencyKey: null } as unknown as PublishRequest,
    judge,
  );
  return events.map((event) => judgements.get(event)?.warnings.length);
}

it('events of one request are told five hundred things, and one each beyond', async () => {
  const told = await toldOf(Array.from({ length: 100 }, () => 20));
  expect(told.slice(0, 25)).toEqual(Array.from({ length: 25 }, () => 20));
  expect(told.slice(25)).toEqual(Array.from({ length: 75 }, () => 1));
});

it('an event that reaches the limit is told up to there', async () => {
  expect((await toldOf([...Array.from({ length: 49 }, () => 10), 20, 20, 0, 1])).slice(48)).toEqual([
    10,
    10,
    1,
    undefined,
    1,
  ]);
});

it('an event with nothing wrong has no judgement, and none has one without a judge', async () => {
  expect(await toldOf([0, 3, 0])).toEqual([undefined, 3, undefined]);
  const events = [{ type: 'a', data: '1' }] as CheckedEvent[];
  expect(
    (await judgeRequest({ accountId: 'acme', events, idempotencyKey: null } as unknown as PublishRequest))
      .size,
  ).toBe(0);
});
