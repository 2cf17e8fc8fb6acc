import { describe, expect, it } from 'vitest';
import { readCondition } from './condition-rules.ts';

describe('what is typed as JSON', () => {
  it('is no condition where it is empty, and unknown where it is no JSON', () => {
    expect(readCondition(' ')).toBeNull();
    expect(readCondition('{"mode":')).toBeUndefined();
    expect(readCondition('{}')).toEqual({});
  });
});
