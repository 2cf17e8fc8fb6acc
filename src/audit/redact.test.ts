import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('what stays on record', () => {
  it('has no secrets, however deep they lie and however they are written', () => {
    const before = {
      name: 'Warehouse',
      secret: 'a',
      clientSecret: 'b',
      auth: { type: 'bearer', token: 'c' },
      nested: [{ password: 'd', privateKey: 'e' }],
      headers: { 'X-Api-Key': 'f' },
      url: 'https://u:g@x.example/path?key=h&key=i',
      credentials: null,
    };
    expect(redact(before)).toEqual({
      name: 'Warehouse',
      secret: '[redacted]',
      clientSecret: '[redacted]',
      auth: '[redacted]',
      nested: [{ password: '[redacted]', privateKey: '[redacted]' }],
      headers: { 'X-Api-Key': '[redacted]' },
      url: 'https://redacted@x.example/path?key=redacted',
      credentials: null,
    });
  });

  it('is what it was in all else', () => {
    const value = {
      events: ['order.*'],
      priority: 5,
      unique: false,
      condition: null,
      url: 'https://x.example/a',
    };
    expect(redact(value)).toEqual(value);
  });

  it('is cut where it is long', () => {
    expect(redact({ text: 'x'.repeat(5_000) })).toEqual({ text: `${'x'.repeat(2_000)}…` });
  });
});
