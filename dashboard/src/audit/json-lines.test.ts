import { describe, expect, it } from 'vitest';
import { readAsJsonLines } from './json-lines.ts';

/** A list of so many numbers, as the API answers it. */
function listOf(count: number, asked: object[] = []) {
  return async (_path: string, query: { limit: number; cursor?: string }) => {
    asked.push(query);
    const start = Number(query.cursor ?? 0);
    const end = Math.min(start + query.limit, count);
    const data = Array.from({ length: end - start }, (_, index) => ({ number: start + index, text: 'a\nb' }));
    return { data, nextCursor: end < count ? String(end) : null };
  };
}

describe('a list as JSON Lines', () => {
  it('has an entry a line, whatever is in it, of every page, by the filter that was asked for', async () => {
    const asked: object[] = [];
    const { text, whole } = await readAsJsonLines('/list', { action: 'webhook' }, listOf(250, asked));
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).number)).toEqual(Array.from({ length: 250 }, (_, n) => n));
    expect(whole).toBe(true);
    expect(asked).toEqual([
      { action: 'webhook', limit: 100 },
      { action: 'webhook', limit: 100, cursor: '100' },
      { action: 'webhook', limit: 100, cursor: '200' },
    ]);
  });

  it('of nothing is empty', async () => {
    expect(await readAsJsonLines('/list', {}, listOf(0))).toEqual({ text: '', whole: true });
  });

  it('ends somewhere, and says so', async () => {
    const { text, whole } = await readAsJsonLines('/list', {}, listOf(30_000));
    expect([text.trimEnd().split('\n').length, whole]).toEqual([20_000, false]);
  });
});
