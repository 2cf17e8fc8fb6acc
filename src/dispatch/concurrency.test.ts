import { describe, expect, it } from 'vitest';
import { Concurrency } from './concurrency.ts';

describe('concurrency of a webhook', () => {
  it('grows by one a round of successes, up to its maximum', () => {
    const concurrency = new Concurrency(10);
    const before = concurrency.limit;
    for (let success = 0; success < before; success += 1) concurrency.learn('fine');
    expect(concurrency.limit).toBe(before + 1);
    for (let success = 0; success < 1000; success += 1) concurrency.learn('fine');
    expect(concurrency.limit).toBe(10);
  });

  it('halves on congestion and never falls below one', () => {
    const concurrency = new Concurrency(32);
    concurrency.learn('congested');
    expect(concurrency.limit).toBe(4);
    for (let time = 0; time < 10; time += 1) concurrency.learn('congested');
    expect(concurrency.limit).toBe(1);
    concurrency.learn('fine');
    expect(concurrency.limit).toBe(2);
  });

  it('an ordinary failure says nothing about it', () => {
    const concurrency = new Concurrency(32);
    concurrency.learn('neutral');
    expect(concurrency.limit).toBe(8);
  });
});
