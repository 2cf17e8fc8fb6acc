import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../profile/profile.ts';
import { batchWords } from './batch-words.ts';

function wordsOf(more: object): string {
  return batchWords(profileSchema.parse({ body: 'event.data', signatures: [], ...more }));
}

const count = (name: string) => ({ name: `${name}_count`, value: { count: `event.data.${name}` } });

describe('several events in one request, in words', () => {
  it.each([
    [{}, 'The body is an array, with what is described here for each event'],
    [{ headers: { 'X-Id': 'e-{event.id}' } }, '`X-Id` then names the batch, the same in every attempt.'],
    [
      { headers: { a: '{event.id}', b: '{delivery.id}', c: '{webhook.id}' } },
      '`a` and `b` then name the batch',
    ],
    [
      { batch: { join: ['parcels'] } },
      'with the items of all events in `parcels`, as far as they have these. All',
    ],
    [{ batch: { join: ['a', 'b'], by: 'carrier.slug' } }, 'in `a` and `b`, as far as they have these. All'],
    [{ batch: { join: ['a'], by: 'carrier.slug' } }, 'Its events have one value of `carrier.slug`.'],
    [{ batch: { join: ['a'] }, body: [count('a')] }, '`a_count` counts all of them.'],
    [
      { batch: { join: ['a'] }, body: [count('a'), count('b')] },
      '`a_count` and `b_count` count all of them.',
    ],
  ])('%j: %s', (more, words) => {
    expect(wordsOf(more)).toContain(words);
  });

  it('say nothing of counts, values and ids there are none of', () => {
    expect(wordsOf({})).not.toContain('names the batch');
    expect(wordsOf({ batch: { join: ['a'] } })).not.toMatch(/count|value/);
  });
});
