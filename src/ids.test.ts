import { describe, expect, it } from 'vitest';
import { fromWireId, newId, timeOfId, toWireId } from './ids.ts';

describe('ids', () => {
  it('sort by when they were made, also within a millisecond, and none is made twice', () => {
    const ids = Array.from({ length: 50_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are version 7 of RFC 9562, with the time they were made', () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOfId(id).getTime()).toBeGreaterThanOrEqual(before);
    expect(timeOfId(id).getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('do not begin to count at the same number in each millisecond', () => {
    const starts = new Set<string>();
    for (let last = 0; starts.size < 5; ) {
      const id = newId();
      const at = timeOfId(id).getTime();
      if (at > last) starts.add(id.slice(15, 23));
      last = at;
    }
    expect(starts.size).toBe(5);
  });

  it('come back from the wire as they went out, and nothing else does', () => {
    const id = newId();
    expect(fromWireId('evt', toWireId('evt', id))).toBe(id);
    expect(fromWireId('wh', toWireId('evt', id))).toBeUndefined();
    for (const text of ['', 'evt_', `evt_${id}`, `evt_${'g'.repeat(32)}`, `${toWireId('evt', id)}0`]) {
      expect(fromWireId('evt', text)).toBeUndefined();
    }
  });
});
