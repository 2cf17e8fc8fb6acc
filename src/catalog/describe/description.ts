import { answerWords } from './answer-words.ts';
import { batchWords } from './batch-words.ts';
import type { Described } from './described.ts';
import { signingWords } from './signing-words.ts';

/** What a receiver's developer reads first: CommonMark. */
export function descriptionOf(described: Described): string {
  return [
    described.preset.description,
    '## Signature',
    signingWords(described.format),
    '## Several events at once',
    batchWords(described.format),
    '## Answers',
    answerWords(described),
  ].join('\n\n');
}

/** Of the headers that sign, as far as the documents have a place for it. */
export const SIGNATURE_NOTE = 'Made anew for each request. How to check it is told at the top.';
