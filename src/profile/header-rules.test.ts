import { describe, expect, it } from 'vitest';
import { headerProblem } from './header-rules.ts';

describe('header rules', () => {
  it.each([
    ['X-Shop', 'one'],
    ['x-token', 'a b\tc'],
  ])('%s: %s may be sent along', (name, value) => {
    expect(headerProblem(name, value)).toBeUndefined();
  });

  it.each([
    'Content-Length',
    'HOST',
    'transfer-encoding',
    'Webhook-Signature',
    'webhook-id',
    'Proxy-Foo',
    ':path',
  ])('%s is reserved', (name) => {
    expect(headerProblem(name, 'x')).toMatch(/reserved/);
  });

  it('credentials do not belong into plain headers', () => {
    expect(headerProblem('Authorization', 'Bearer x')).toMatch(/credentials/);
  });

  it.each(['', 'a b', 'a:b', 'a\r\nb', 'é', 'a\0', 'x'.repeat(129)])('%j is no header name', (name) => {
    expect(headerProblem(name, 'x')).toMatch(/not a header name/);
  });

  it.each(['', ' x', 'x ', 'a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\0b', 'é', '\u{1f600}'])(
    '%j is no header value',
    (value) => {
      expect(headerProblem('x-a', value)).toMatch(/not visible ASCII/);
    },
  );
});
