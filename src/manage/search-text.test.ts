import { describe, expect, it } from 'vitest';
import { searchSchema, wantedOf } from './search-text.ts';

function holds(json: string, text: string): boolean {
  return wantedOf(text).isIn(json);
}

describe('a text in data', () => {
  it('is found as a whole string, wherever it stands', () => {
    const data = '{"parcels":[{"weight":1},{"trackingNumber":"1Z999"}],"note":"1Z999 is late"}';
    expect(holds(data, '1Z999')).toBe(true);
    expect(holds(data, '1z999')).toBe(true);
    expect(holds(data, '1Z99')).toBe(false);
    expect(holds(data, 'late')).toBe(false);
    expect(holds('"1Z999"', '1Z999')).toBe(true);
  });

  it('is found however JSON escapes it', () => {
    expect(holds('{"town":"\\u00C5m\\u00e5l"}', 'Åmål')).toBe(true);
    expect(holds('{"town":"Åmål"}', 'Åmål')).toBe(true);
    expect(holds('{"size":"21\\" \\u0077ide"}', '21" wide')).toBe(true);
    expect(holds('{"path":"a\\\\b"}', 'a\\b')).toBe(true);
    expect(holds('{"path":"a\\\\\\""}', 'a\\"')).toBe(true);
    expect(holds('{"slash":"a\\/b"}', 'a/b')).toBe(true);
    expect(holds('{"face":"\\ud83d\\ude00"}', '😀')).toBe(true);
  });

  it('is not the name of a member', () => {
    expect(holds('{"12345" : {"a":"b"}}', '12345')).toBe(false);
    expect(holds('{"12345":"12345"}', '12345')).toBe(true);
  });

  it('has no wildcards', () => {
    expect(holds('["12345"]', '1%')).toBe(false);
    expect(holds('["12345"]', '1234_')).toBe(false);
    expect(holds('["100%"]', '100%')).toBe(true);
  });
});

describe('a number in data', () => {
  it.each(['12345', '12345.0', '1.2345e4', '123450E-1', '1234500e-2'])('is found as %s', (written) => {
    expect(holds(`{"id":${written}}`, '12345')).toBe(true);
    expect(holds(`[${written}]`, '12345')).toBe(true);
  });

  it('keeps all of its digits', () => {
    expect(holds('[12345678901234567890]', '12345678901234567890')).toBe(true);
    expect(holds('[12345678901234567891]', '12345678901234567890')).toBe(false);
    expect(holds('[129.50]', '129.5')).toBe(true);
    expect(holds('[-5]', '5')).toBe(false);
    expect(holds('[0, 1]', '0')).toBe(true);
    expect(holds('[-0.0]', '0')).toBe(true);
  });

  it('is a text, too, but only as it was typed', () => {
    expect(holds('["007"]', '007')).toBe(true);
    expect(holds('[7]', '007')).toBe(false);
    expect(holds('["12345.0"]', '12345')).toBe(false);
  });

  it('of a million digits takes no longer than reading it', () => {
    expect(holds(`[${'9'.repeat(1_000_000)}]`, '9')).toBe(false);
    expect(holds(`[0.${'0'.repeat(1_000_000)}1]`, '0')).toBe(false);
  });
});

it('a subject is found by its end, and where a slash is typed, by all of it', () => {
  expect(wantedOf('12345').key).toEqual({ eventId: null, subjectEnd: '12345', subject: null });
  expect(wantedOf('Order/12345').key).toEqual({ eventId: null, subjectEnd: '12345', subject: 'order/12345' });
  expect(wantedOf(`evt_${'0'.repeat(32)}`).key.eventId).toBe('00000000-0000-0000-0000-000000000000');
});

it.each([
  ['', false],
  ['   ', false],
  ['x'.repeat(201), false],
  ['a\0b', false],
  ['\ud800', false],
  [' 12345 ', true],
  ['x'.repeat(200), true],
])('%j may be searched for: %s', (text, fine) => {
  expect(searchSchema.safeParse(text).success).toBe(fine);
});
