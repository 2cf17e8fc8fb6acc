import { describe, expect, it } from 'vitest';
import { emptyDraft, type WebhookDraft } from './draft.ts';
import { stillWrong } from './refusal.ts';

const RULE = { field: '', operator: 'equals', value: 5 } as const;

const REFUSED: WebhookDraft = {
  ...emptyDraft(),
  url: 'ftp://warehouse.example',
  condition: { mode: 'continue', all: [RULE, { any: [RULE, { ...RULE, field: 'total' }] }] },
  headers: [
    { name: 'X.Shop', value: 'north' },
    { name: '', value: 'south' },
  ],
  retrySchedule: '5, soon',
};
const errors = [
  'url',
  'condition.all[0].field',
  'condition.all[1].any[0].field',
  'headers.X.Shop',
  'headers[1].name',
  'retry.schedule[1]',
  'secret',
].map((path) => ({ path, code: 'invalid', message: '…' }));

describe('what was refused', () => {
  const gone = (change: Partial<WebhookDraft>) => {
    const left = stillWrong({ errors, of: REFUSED }, { ...REFUSED, ...change });
    return errors.filter((error) => !left.includes(error)).map(({ path }) => path);
  };

  it('is wrong as long as it stands there, whatever else changes', () => {
    expect(gone({})).toEqual([]);
    expect(gone({ name: 'Depot', priority: 7 })).toEqual([]);
  });

  it.each<[string, Partial<WebhookDraft>]>([
    ['url', { url: 'https://warehouse.example' }],
    [
      'condition.all[1].any[0].field',
      { condition: { mode: 'stop', all: [RULE, { any: [{ ...RULE, field: 'id' }, RULE] }] } },
    ],
    ['headers.X.Shop', { headers: [{ name: 'X-Shop', value: 'north' }, ...REFUSED.headers.slice(1)] }],
    ['headers[1].name', { headers: [...REFUSED.headers.slice(0, 1), { name: 'X-Depot', value: 'south' }] }],
    ['retry.schedule[1]', { retrySchedule: '5, 60' }],
    ['secret', { secret: 'long enough' }],
  ])('is not known to be wrong any more once %s is another', (path, change) => {
    expect(gone(change)).toEqual([path]);
  });
});
