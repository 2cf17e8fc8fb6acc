import { describe, expect, it } from 'vitest';
import { compileSelection, explainFilter, passes } from './chosen-filters.ts';
import type { Condition } from './condition.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');
const FILTERS = {
  status: { field: 'order.status', values: ['Shipped', 'Delivered'] },
  warehouse: { field: 'shipment.warehouseId', values: [12, '14'] },
};
const order = (status: unknown, warehouseId: unknown = 12) => ({
  order: { status, total: 250 },
  shipment: { warehouseId },
});

describe('filters', () => {
  const gets = (data: unknown) => passes(compileSelection({ filters: FILTERS, condition: null }), data, NOW);

  it.each([
    ['the chosen values', order('Shipped'), true],
    ['another letter case', order('DELIVERED'), true],
    ['a number as text', order('Shipped', '12'), true],
    ['text as a number', order('Shipped', 14), true],
    ['a list with a chosen value in it', order(['Draft', 'Shipped']), true],
    ['a value that is not chosen', order('Draft'), false],
    ['one of the two not chosen', order('Shipped', 13), false],
    ['null', order(null), false],
    ['no member', { order: {}, shipment: { warehouseId: 12 } }, false],
    ['no entity', { shipment: { warehouseId: 12 } }, false],
    ['no object at all', 7, false],
  ])('let through %s: %j is %s', (_, data, expected) => {
    expect(gets(data)).toBe(expected);
  });

  it('are asked beside a condition, whatever its mode', () => {
    const rule = { field: 'order.total', operator: 'greaterThan' as const, value: 100 };
    const stop: Condition = { mode: 'stop', all: [rule] };
    const go: Condition = { mode: 'continue', all: [rule] };
    const both = (condition: Condition, data: unknown) =>
      passes(compileSelection({ filters: FILTERS, condition }), data, NOW);
    expect([both(go, order('Shipped')), both(stop, order('Shipped'))]).toEqual([true, false]);
    expect([both(go, order('Draft')), both(stop, order('Draft'))]).toEqual([false, false]);
    const cheap = { ...order('Shipped'), order: { status: 'Shipped', total: 5 } };
    expect([both(go, cheap), both(stop, cheap)]).toEqual([false, true]);
  });

  it('that can not be told name where they stand', () => {
    const evaluation = compileSelection({ filters: FILTERS, condition: null });
    expect(evaluation?.({ order: { status: 'Shipped' } }, NOW)).toMatchObject({
      error: { path: 'filters.warehouse', field: 'shipment.warehouseId' },
    });
  });

  it('where there are none, and no condition, nothing is asked', () => {
    expect(compileSelection({ filters: {}, condition: null })).toBeUndefined();
    expect(passes(undefined, 7, NOW)).toBe(true);
  });

  it('are explained as rules are', () => {
    expect(explainFilter(FILTERS, 'status', order('Draft'), NOW)).toMatchObject({
      holds: false,
      field: 'order.status',
      operator: 'inList',
      found: { kind: 'text', text: '"Draft"' },
      parts: { list: '("Shipped", "Delivered")', operands: [], misfit: null },
      sentence: 'order.status is "Draft", which is not in the list ("Shipped", "Delivered").',
    });
    expect(explainFilter(FILTERS, 'warehouse', order('x', '12'), NOW)).toMatchObject({ holds: true });
    expect(explainFilter(FILTERS, 'status', {}, NOW)).toMatchObject({
      holds: false,
      sentence: "order.status can't be looked at, because order is not there or is no object.",
    });
  });
});
