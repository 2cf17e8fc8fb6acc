import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { payloadSchema, projectPayload } from './payload-fields.ts';

/** What is sent of this data by fields written down like that. */
const project = (data: string, written: unknown): string =>
  projectPayload(data, payloadSchema.parse(written));

const omit = (...fields: readonly unknown[]) => ({ absent: 'omit', fields });

describe('a payload', () => {
  it('has the fields in their own order, with the bytes they were published with', () => {
    const data =
      '{ "z": 1.10, "id": 9007199254740993, "s": "\\u00e9\\/ Å \\"}" , "e": [ 1e2, { } ], "n": null }';
    expect(project(data, ['s', 'id', 'e', 'n', 'z'])).toBe(
      '{"s":"\\u00e9\\/ Å \\"}","id":9007199254740993,"e":[ 1e2, { } ],"n":null,"z":1.10}',
    );
  });

  it('keeps every member of any data that its fields name', () => {
    const name = fc.string({ minLength: 1, maxLength: 64, unit: 'binary' });
    const members = fc.uniqueArray(fc.tuple(name, fc.json({ maxDepth: 2 })), {
      selector: ([one]) => one,
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(members, (all) => {
        const data = all.map(([one, value]) => ` ${JSON.stringify(one)} : ${value}\n`).join(',');
        const wanted = all.toReversed();
        const sent = wanted.map(([one, value]) => `${JSON.stringify(one)}:${value}`).join(',');
        expect(
          project(
            `{${data}}`,
            wanted.map(([one]) => one),
          ),
        ).toBe(`{${sent}}`);
      }),
    );
  });

  it('names what the data names with an escape, a dot, or like a member of every object', () => {
    const data = '{"\\u0061":1,"a.b":2,"__proto__":3,"constructor":4}';
    expect(project(data, ['a', 'a.b', '__proto__', 'constructor', 'toString'])).toBe(
      '{"a":1,"a.b":2,"__proto__":3,"constructor":4,"toString":null}',
    );
  });

  it('takes the last of two members with one name, as JSON parsers do', () => {
    expect(project('{"a":1,"a":2}', ['a'])).toBe('{"a":2}');
  });

  it.each(['5', '"x"', 'null', 'true', '[{"a":1}]', ' [1]'])(
    'of %j is all of it: it is no object',
    (data) => {
      expect(project(data, ['a'])).toBe(data);
    },
  );

  it('has null for what is absent, unless it is to be left out', () => {
    expect(project('{"b":1}', ['a', 'b', 'c'])).toBe('{"a":null,"b":1,"c":null}');
    expect(project('{"b":1}', omit('a', 'b', 'c'))).toBe('{"b":1}');
    expect(project('{}', omit('a'))).toBe('{}');
    expect(project('{"a":null}', omit('a'))).toBe('{"a":null}');
  });
});

describe('a field', () => {
  it('comes from elsewhere in the data', () => {
    const data = '{"driver": {"name": "Jo", "car": {"plate": "A 1"}}, "list": [{"x": 1}], "n": 1}';
    const fields = [
      { name: 'driver_name', from: 'driver.name' },
      { name: 'plate', from: 'driver.car.plate' },
      { name: 'of_a_list', from: 'list.x' },
      { name: 'of_a_number', from: 'n.x' },
      { name: 'nowhere', from: 'car.plate' },
    ];
    expect(project(data, fields)).toBe(
      '{"driver_name":"Jo","plate":"A 1","of_a_list":null,"of_a_number":null,"nowhere":null}',
    );
    expect(project(data, omit(...fields))).toBe('{"driver_name":"Jo","plate":"A 1"}');
  });

  it('that is an object has the members it lists, and is null or left out where there is none', () => {
    const address = { name: 'to', from: 'address', fields: ['city', { name: 'zip', from: 'postal.code' }] };
    expect(project('{"address":{"postal":{"code":"1"},"city":"X","street":"Y"}}', [address])).toBe(
      '{"to":{"city":"X","zip":"1"}}',
    );
    expect(project('{"address":{"city":"X"}}', [address])).toBe('{"to":{"city":"X","zip":null}}');
    expect(project('{"address":{"city":"X"}}', omit(address))).toBe('{"to":{"city":"X"}}');
    expect(project('{}', [address])).toBe('{"to":null}');
    expect(project('{}', omit(address))).toBe('{}');
    expect(project('{"address":"X street"}', [address])).toBe('{"to":"X street"}');
  });

  it('that is a list has the members of each item, down to lists inside of it', () => {
    const events = { name: 'events', each: [{ name: 'status', as: 'upperCase' }, 'at'] };
    const parcels = { name: 'parcels', from: 'data.parcels', each: [{ name: 'code', from: 'id' }, events] };
    const data = `{"data":{"parcels":[
      {"id": 1.0, "events": [ {"status":"sent","by":"x"}, {"at":"12:00"} ]}, 7, {"events": []}, null, [ 1 ] ]}}`;
    expect(project(data, [parcels])).toBe(
      '{"parcels":[{"code":1.0,"events":[{"status":"SENT","at":null},{"status":null,"at":"12:00"}]},7,' +
        '{"code":null,"events":[]},null,[ 1 ]]}',
    );
    expect(project(data, omit(parcels))).toBe(
      '{"parcels":[{"code":1.0,"events":[{"status":"SENT"},{"at":"12:00"}]},7,{"events":[]},null,[ 1 ]]}',
    );
    expect(project('{"data":{"parcels":{"id":1}}}', [parcels])).toBe('{"parcels":{"id":1}}');
    expect(project('{"data":{}}', [parcels])).toBe('{"parcels":null}');
    expect(project('{"data":{}}', omit(parcels))).toBe('{}');
  });

  it('counts the items of a list, of which anything else has none', () => {
    const counts = (...names: readonly string[]) => names.map((count, at) => ({ name: `n${at}`, count }));
    const data = '{"a":[1, [2, 3], "4,5", {"x":[6]}], "o":{"a":[ ], "b":[{}]}, "s":"[1]"}';
    const fields = counts('a', 'o.a', 'o.b', 'o', 's', 'gone');
    expect(project(data, fields)).toBe('{"n0":4,"n1":0,"n2":1,"n3":0,"n4":0,"n5":0}');
    expect(project(data, omit(...fields))).toBe('{"n0":4,"n1":0,"n2":1,"n3":0,"n4":0,"n5":0}');
  });

  it('has one value whatever the data is, null among them', () => {
    const fields = [
      { name: 'version', const: 2 },
      { name: 'a', const: { b: [null, 'x'] } },
      { name: 'nothing', const: null },
    ];
    expect(project('{"version":1}', fields)).toBe('{"version":2,"a":{"b":[null,"x"]},"nothing":null}');
    expect(project('{}', omit(...fields))).toBe('{"version":2,"a":{"b":[null,"x"]},"nothing":null}');
  });

  it('changes the letters of a text, and of nothing else', () => {
    const fields = [
      { name: 'up', as: 'upperCase' },
      { name: 'low', as: 'lowerCase' },
      { name: 'cap', from: 'deep.cap', as: 'capitalized' },
      { name: 'number', as: 'upperCase' },
      { name: 'list', as: 'lowerCase' },
      { name: 'none', as: 'lowerCase' },
    ];
    const data =
      '{"up":"Straße \\"é\\"","low":"ÅÄÖ","deep":{"cap":"out FOR Delivery"},"number":1.50,"list":["A"],"none":null}';
    expect(project(data, fields)).toBe(
      '{"up":"STRASSE \\"É\\"","low":"åäö","cap":"Out for delivery","number":1.50,"list":["A"],"none":null}',
    );
    expect(project('{"cap":""}', [{ name: 'cap', as: 'capitalized' }])).toBe('{"cap":""}');
  });
});

describe('fields that are refused', () => {
  const messagesOf = (written: unknown): string => {
    const parsed = payloadSchema.safeParse(written);
    return parsed.success ? 'taken' : JSON.stringify(parsed.error.issues);
  };

  it.each([
    ['a name twice', ['a', 'b', 'a'], 'a is there twice'],
    ['a name twice in two forms', ['a', { name: 'a', from: 'b' }], 'a is there twice'],
    ['a name twice in an object', [{ name: 'a', fields: ['b', 'b'] }], 'b is there twice'],
    ['a name twice in each item', [{ name: 'a', each: ['b', { name: 'b', const: 1 }] }], 'b is there twice'],
    ['two things at once', [{ name: 'a', count: 'b', as: 'upperCase' }], 'can have one of as, each'],
    ['a list and an object at once', [{ name: 'a', each: ['b'], fields: ['b'] }], 'can have one of as, each'],
    ['a count that comes from elsewhere', [{ name: 'a', count: 'b', from: 'c' }], 'counts what'],
    ['a path with a hole', [{ name: 'a', from: 'b..c' }], 'names joined by dots'],
    ['a path that ends in a dot', [{ name: 'a', count: 'b.' }], 'names joined by dots'],
    ['an unknown member', [{ name: 'a', rename: 'b' }], 'unrecognized_keys'],
    ['an unknown letter case', [{ name: 'a', as: 'title' }], 'upperCase'],
    ['an unknown rule for what is absent', { absent: 'drop', fields: ['a'] }, '\\"null\\"|\\"omit\\"'],
    ['no fields', [], 'too_small'],
    ['no fields in each item', [{ name: 'a', each: [] }], 'too_small'],
    ['no name', [{ from: 'a' }], 'name'],
    ['an empty name', [''], 'too_small'],
    ['a number', [5], 'invalid_union'],
    ['a text alone', 'a', 'invalid_union'],
  ])('%s', (_what, written, message) => {
    expect(messagesOf(written)).toContain(message);
  });

  it('one name in two different objects is fine', () => {
    expect(messagesOf(['id', { name: 'a', fields: ['id'] }, { name: 'b', each: ['id'] }])).toBe('taken');
  });
});
