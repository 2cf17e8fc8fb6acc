import { expect, test } from 'vitest';
import { keptHeaders } from './kept-headers.ts';

test('headers are kept as they are', () => {
  expect(keptHeaders({ 'content-type': 'text/plain', 'retry-after': '5' })).toEqual({
    'content-type': 'text/plain',
    'retry-after': '5',
  });
});

test('a repeated header is joined with commas', () => {
  expect(keptHeaders({ 'set-cookie': ['a=1', 'b=2'] })).toEqual({ 'set-cookie': 'a=1, b=2' });
});

test('a value is cut to 1024 characters', () => {
  expect(keptHeaders({ 'x-long': 'a'.repeat(5000) })['x-long']).toHaveLength(1024);
});

test('no more than 64 headers are kept', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, 'v']));
  expect(Object.keys(keptHeaders(many))).toHaveLength(64);
});

test('a header named like a property of objects does no harm', () => {
  const kept = keptHeaders(JSON.parse('{"__proto__": "x", "constructor": "y"}'));
  expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  expect(kept).toMatchObject({ constructor: 'y' });
});
