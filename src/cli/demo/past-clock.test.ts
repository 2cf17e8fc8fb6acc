import { expect, it, onTestFinished } from 'vitest';
import { PastClock } from './past-clock.ts';

const HOUR_MS = 3_600_000;

function begin(): PastClock {
  const clock = new PastClock(HOUR_MS);
  onTestFinished(() => clock.catchUp());
  return clock;
}

it('all of the process lives in the past until the present has come', () => {
  const before = Date.now();
  const clock = begin();
  expect(Date.now()).toBeLessThan(before - HOUR_MS + 10_000);
  expect(Date.now()).toBeGreaterThanOrEqual(before - HOUR_MS);
  clock.catchUp();
  expect(Date.now()).toBeGreaterThanOrEqual(before);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
});

it('runs what was scheduled once it is moved there, and not what was called off', async () => {
  const clock = begin();
  const ran: string[] = [];
  const soon = new Promise<void>((resolve) => {
    clock.schedule(clock.now() + HOUR_MS / 2, () => {
      ran.push('half an hour');
      resolve();
    });
  });
  clock.schedule(clock.now() + HOUR_MS * 10, () => ran.push('tomorrow'));
  clock.schedule(clock.now() + HOUR_MS / 2, () => ran.push('called off'))();
  clock.moveTo(clock.now() + HOUR_MS / 2);
  await soon;
  expect(ran).toEqual(['half an hour']);
});

it('is never moved into the future, nor back', () => {
  const before = Date.now();
  const clock = begin();
  clock.moveTo(before + HOUR_MS);
  clock.moveTo(before - HOUR_MS);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(clock.now()).toBeLessThan(before + HOUR_MS);
});
