import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberText } from './exact-json.ts';

describe('a member of a JSON object', () => {
  it('is cut out as it was written', () => {
    const data = '{"sscc": 373400000000000013, "data": 1.10}';
    expect(memberText(`{"id":"data","data":${data},"type":"x"}`, 'data')).toBe(data);
    expect(memberText('{"data":12345678901234567890}', 'data')).toBe('12345678901234567890');
    expect(memberText('{"a":{"data":1}}', 'data')).toBeUndefined();
  });

  it('is found whatever stands around it', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(members, fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (others, data, space) => {
        const { data: _, ...rest } = others;
        const text = JSON.stringify({ ...rest, data, last: 1 }, null, space);
        expect(JSON.parse(memberText(text, 'data') as string)).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });
});
