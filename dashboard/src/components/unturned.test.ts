import { describe, expect, it } from 'vitest';
import { unturned } from './unturned.ts';

describe('unturned', () => {
  it('shows by its code what would turn the text beside it', () => {
    expect(unturned('{"a": "\u202Eabc", "b": 1}')).toBe('{"a": "\\u202Eabc", "b": 1}');
    const turning = [0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069];
    for (const code of turning) {
      expect(unturned(`a${String.fromCharCode(code)}b`)).toBe(`a\\u${code.toString(16).toUpperCase()}b`);
    }
  });

  it('means the same as JSON', () => {
    const value = { '\u2066key': 'a\u202Eb\u200F' };
    expect(JSON.parse(unturned(JSON.stringify(value)))).toEqual(value);
  });

  it('leaves all other text as it is, also what is written from right to left and what joins letters', () => {
    const text = 'مرحبا 👩‍👩‍👧 å\u200C\u200D\u2065\u206A\u202F\u2029';
    expect(unturned(text)).toBe(text);
  });
});
