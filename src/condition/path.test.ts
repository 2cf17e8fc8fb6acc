import { describe, expect, it } from 'vitest';
import { entityOf, lookUp, NO_ENTITY, splitPath, valueAt } from './path.ts';

const data = JSON.parse(`{
  "order": {"total": 12.5, "note": null, "customer": {"name": "Ada"}, "code": "SO-1"},
  "rows": [{"sku": "A"}, {"sku": "B"}],
  "empty": {},
  "constructor": {"name": "mine"},
  "__proto__": {"sku": "own"}
}`);

describe('looking a path up', () => {
  it.each([
    ['order.total', 12.5],
    ['order.note', null],
    ['order.customer.name', 'Ada'],
    ['rows.0.sku', 'A'],
    ['rows.1', { sku: 'B' }],
    ['constructor.name', 'mine'],
    ['__proto__.sku', 'own'],
  ])('%s is %j', (path, expected) => {
    expect(lookUp(data, splitPath(path))).toEqual(expected);
  });

  it.each([
    ['order.missing'],
    ['missing'],
    ['rows.2'],
    ['empty.constructor'],
    ['empty.__proto__'],
    ['toString'],
  ])('%s is not there, but its entity is', (path) => {
    expect(lookUp(data, splitPath(path))).toBeUndefined();
  });

  it.each([
    ['order.note.text', 'it is null'],
    ['missing.name', 'it is missing'],
    ['missing.customer.name', 'what has it is missing'],
    ['rows.2.sku', 'the list is shorter'],
    ['rows.length', 'a list has no members by name'],
    ['rows.sku', 'a list has no members by name'],
    ['rows.-1', 'an index counts from 0'],
    ['rows.01', 'an index is written in one way'],
    ['order.total.x', 'it is a number'],
    ['order.code.length', 'it is text'],
    ['order.code.0', 'it is text'],
    ['empty.constructor.prototype', 'prototypes are not data'],
  ])('the entity of %s is not there: %s', (path) => {
    expect(lookUp(data, splitPath(path))).toBe(NO_ENTITY);
    expect(valueAt(path, data)).toBeUndefined();
  });

  it.each([[null], [7], ['text'], [true]])('data that is %j is no entity', (value) => {
    expect(lookUp(value, splitPath('length'))).toBe(NO_ENTITY);
    expect(lookUp(value, splitPath(''))).toBe(NO_ENTITY);
  });

  it('the empty path is the data itself', () => {
    expect(lookUp(data, splitPath(''))).toBe(data);
  });

  it('a list can be the data', () => {
    expect(lookUp([{ sku: 'A' }], splitPath('0.sku'))).toBe('A');
  });

  it('what a path is a member of is told by it', () => {
    expect(entityOf('order.customer.name')).toBe('order.customer');
    expect(entityOf('total')).toBe('the data');
  });
});
