import { describe, expect, it } from 'vitest';
import { deliveriesSearch, parseSearch, writeSearch } from './search.ts';

const read = (address: string) => deliveriesSearch(parseSearch(address));

describe('what the address of a list holds', () => {
  it.each([
    '370730254200112345',
    '1234E567',
    '00123',
    '-5',
    '1.50',
    'true',
    'null',
    '[1]',
    '{"a":1}',
    'a b+c/d&e=å',
  ])('is the text %s as it was written', (search) => {
    expect(read(writeSearch({ search }))).toEqual({ search });
  });

  it('writes numbers without quotes, and nothing for what is not there', () => {
    expect(writeSearch({ search: '20345', status: undefined })).toBe('?search=20345');
    expect(writeSearch({ status: undefined })).toBe('');
  });

  it('understands links that have numbers in quotes', () => {
    expect(read('?search=%22370730254200112345%22&status=failed')).toEqual({
      search: '370730254200112345',
      status: 'failed',
    });
    expect(read('?search=%221234E567%22')).toEqual({ search: '1234E567' });
    expect(read('?search=%22big+box%22')).toEqual({ search: '"big box"' });
  });

  it('leaves out what is empty and what no list knows', () => {
    expect(read('?search=&color=red&__proto__=x')).toEqual({});
  });
});
