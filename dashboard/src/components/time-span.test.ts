import { describe, expect, it } from 'vitest';
import { fieldValue, readSpan, shortTime, spanOf } from './time-span.ts';

const NOW = Date.parse('2026-03-13T14:30:25.500Z');

describe('a span of time', () => {
  it('of the last hour, day or week begins at a whole minute and ends now', () => {
    expect(spanOf('hour', NOW)).toEqual({ from: '2026-03-13T13:30:00.000Z', to: '' });
    expect(spanOf('day', NOW)).toEqual({ from: '2026-03-12T14:30:00.000Z', to: '' });
    expect(spanOf('week', NOW)).toEqual({ from: '2026-03-06T14:30:00.000Z', to: '' });
  });

  it('goes through fields of the viewer’s zone unchanged, on both sides of a change of the clocks', () => {
    for (const at of ['2026-03-13T14:30:00.000Z', '2026-07-01T00:00:00.000Z', '2026-12-31T23:59:00.000Z']) {
      expect(readSpan(fieldValue(at), '')).toEqual({ from: at, to: '' });
    }
    expect(fieldValue(undefined)).toBe('');
    expect(fieldValue('yesterday')).toBe('');
  });

  it('may be open at either end, but can’t end before it begins', () => {
    expect(readSpan('', '')).toEqual({ from: '', to: '' });
    expect(readSpan('', '2026-03-13T14:30')).toMatchObject({ from: '' });
    expect(readSpan('2026-03-13T14:30', '2026-03-13T14:29')).toBe('backwards');
    expect(readSpan('2026-03-13T14:30', '2026-03-13T14:30')).toBe('backwards');
  });

  it('is shown with its year only where that isn’t this one, and what is no time as it was', () => {
    expect(shortTime('2026-01-02T12:00:00Z', 'en', NOW)).not.toContain('2026');
    expect(shortTime('2025-01-02T12:00:00Z', 'en', NOW)).toContain('2025');
    expect(shortTime('soon', 'en', NOW)).toBe('soon');
  });
});
