import { describe, expect, it } from 'vitest';
import { profileSchema } from '../../profile/profile.ts';
import { createPreset } from '../preset.ts';
import { presetFileSchema } from '../preset-file.ts';
import { answerWords, retryWords } from './answer-words.ts';

const file = { name: 'acme', title: 'Acme', description: 'A test.' };
const preset = createPreset(presetFileSchema.parse(file), file, false);

function described(more: object, retrySchedule: readonly number[] = [5, 300]) {
  const format = profileSchema.parse({ body: 'event.data', signatures: [], ...more });
  return { preset, format, eventTypes: [], version: null, retrySchedule };
}

describe('when a failed request is repeated, in words', () => {
  it.each([
    [{}, 'up to 2 times, after about 5 s and 5 min, each counted from the attempt before.'],
    [{ retry: { schedule: [60, 300, 1800] } }, 'up to 3 times, after 1 min, 5 min and 30 min, each counted'],
    [{ retry: { schedule: [90] } }, 'once, after 1 min 30 s.'],
    [{ retry: { schedule: [] } }, 'A failed request is not repeated.'],
  ])('%j: %s', (more, words) => {
    expect(retryWords(described(more))).toContain(words);
  });
});

describe('what comes of an answer, in words', () => {
  it.each([
    [{}, 'Answer with any 2xx status once'],
    [{ success: [200] }, 'Answer with 200 OK once'],
    [{ success: [200, 202] }, 'Answer with 200 OK or 202 Accepted once'],
    [
      {},
      'When the last attempt has failed, the webhook is marked as failing and the owner of the webhook is told.',
    ],
    [
      { failing: { actions: ['alert'] } },
      'When the last attempt has failed, the owner of the webhook is told.',
    ],
    [
      { failing: { after: 5, actions: ['disable'] } },
      'When 5 deliveries in a row have failed for good, the webhook is disabled.',
    ],
  ])('%j: %s', (more, words) => {
    expect(answerWords(described(more))).toContain(words);
  });

  it('says nothing of what comes of failures if nothing does', () => {
    expect(answerWords(described({ failing: { actions: [] } }))).not.toContain('When');
  });
});
