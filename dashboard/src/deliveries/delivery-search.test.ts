import { describe, expect, it } from 'vitest';
import { searchedFor, searchFor } from './delivery-search.ts';

const ID = `evt_${'0a'.repeat(16)}`;

describe('the search for deliveries', () => {
  it('takes the id of an event for one, and everything else for a subject', () => {
    expect(searchFor(ID)).toEqual({ eventId: ID, subject: '' });
    for (const text of ['order/10043', 'evt_10043', `${ID}0`, '']) {
      expect(searchFor(text)).toEqual({ eventId: '', subject: text });
    }
  });

  it('shows what is searched for, also where it came with a link', () => {
    for (const text of [ID, 'order/10043', '']) expect(searchedFor(searchFor(text))).toBe(text);
    expect(searchedFor({})).toBe('');
  });
});
