import { describe, expect, it } from 'vitest';
import { credentialHeaderProblem, headerProblem, headerValueProblem } from './header-rules.ts';

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
    expect(headerProblem(name, 'x')?.message).toMatch(/reserved/);
  });

  it('credentials do not belong into plain headers', () => {
    expect(headerProblem('Authorization', 'Bearer x')?.message).toMatch(/credentials/);
  });

  it.each(['', 'a b', 'a:b', 'a\r\nb', 'é', 'a\0', 'x'.repeat(129)])('%j is no header name', (name) => {
    expect(headerProblem(name, 'x')?.message).toMatch(/not a header name/);
  });

  it.each(['', ' x', 'x ', 'a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\0b', 'é', '\u{1f600}'])(
    '%j is no header value',
    (value) => {
      expect(headerProblem('x-a', value)?.message).toMatch(/not visible ASCII/);
    },
  );

  it('a value is limited', () => {
    expect(headerProblem('x-a', 'a'.repeat(2_048))).toBeUndefined();
    expect(headerProblem('x-a', 'a'.repeat(2_049))?.message).toBe(
      'has a value that is longer than 2048 characters',
    );
    expect(headerValueProblem('a'.repeat(2_049))?.message).toBe('is longer than 2048 characters');
  });

  it('credentials are sent in a header of their own, or in that for them', () => {
    expect(credentialHeaderProblem('Authorization')).toBeUndefined();
    expect(credentialHeaderProblem('X-Api-Key')).toBeUndefined();
    expect(credentialHeaderProblem('Cookie')?.message).toMatch(/not a header credentials/);
    expect(credentialHeaderProblem('Proxy-Authorization')?.message).toMatch(/not a header credentials/);
    expect(credentialHeaderProblem('Host')?.message).toMatch(/reserved/);
    expect(credentialHeaderProblem('a\r\nb')?.message).toMatch(/not a header name/);
  });
});
