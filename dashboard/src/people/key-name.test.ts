import { readFileSync } from 'node:fs';
import type { TFunction } from 'i18next';
import { expect, it } from 'vitest';
import { keyName } from './key-name.ts';

const t = ((key: string) => `[${key}]`) as unknown as TFunction;

it('the key that nobody has named is told of in the language of the viewer, others by their names', () => {
  const source = readFileSync(new URL('../../../src/manage/api-keys.ts', import.meta.url), 'utf8');
  const [, given = ''] = /this\.create\(null, '([^']+)'\)/.exec(source) ?? [];
  expect(keyName(t, given)).toBe('[people.keys.first]');
  expect(keyName(t, 'Depot')).toBe('Depot');
});
