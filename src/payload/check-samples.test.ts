import { describe, expect, it } from 'vitest';
import { checkSamples, checkWithoutSample } from './check-samples.ts';
import type { MimeType } from './payload.ts';

const source = (data: unknown) => ({ data: JSON.stringify(data), event: { type: 'order.created' } });
const json = (template: string) => ({ mimeType: 'application/json' as MimeType, template });

describe('checking a template by samples', () => {
  const check = (template: string, ...samples: unknown[]) =>
    checkSamples(json(template), samples.map(source));

  it('finds nothing if every sample gives a valid body', () => {
    expect(check('{"a": {{ a }}}', { a: 1 }, {})).toBeUndefined();
    expect(check('{"a": {{ a }}}')).toBeUndefined();
  });

  it('finds what any sample reveals, and tells which', () => {
    const template = '{"a": 1{% if b %} "b": {{ b }}{% endif %}}';
    expect(check(template, {})).toBeUndefined();
    expect(check(template, {}, { b: 2 }, { b: 3 })).toMatchObject({
      error: { code: 'invalid_json', line: 1, column: 19 },
      sample: source({ b: 2 }),
    });
  });

  it('takes the time of one rendering, however many samples there are', () => {
    let ms = 0;
    let rendered = 0;
    const samples = Array.from({ length: 20 }, () => ({
      get data() {
        rendered += 1;
        ms += 100;
        return '{}';
      },
      event: {},
    }));
    const options = { limits: { renderTimeMs: 250 }, now: () => ms };
    expect(checkSamples(json('{"a": 1}'), samples, options)).toBeUndefined();
    expect(rendered).toBe(3);
  });
});

describe('checking a template where no sample is known', () => {
  const code = (mimeType: MimeType, template: string) =>
    checkWithoutSample({ mimeType, template }, source({ test: true }))?.error.code;

  it.each([
    ['application/json', '{"a": ', 'invalid_json'],
    ['application/json', '{"a": {{ x }} "b": 1}', 'invalid_json'],
    ['application/json', '{"a": {{ x }}, "b": }', 'invalid_json'],
    ['application/json', 'Hello {{ name }}', 'invalid_json'],
    ['application/xml', '<a><b></a>', 'invalid_xml'],
    ['application/xml', '<a {{ test }}="1"/>', 'output_misplaced'],
    ['text/plain', '{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}', 'work_limit'],
  ] as const)('finds what is wrong whatever the data: %s %s', (mimeType, template, expected) => {
    expect(code(mimeType, template)).toBe(expected);
  });

  it.each([
    ['application/json', '{"a": {{ x }}, "rows": [{% for row in rows %}{{ row }}{% endfor %}]}'],
    ['application/json', '{% if order %}{"a": {{ order.code }}}{% endif %}'],
    ['application/json', '{"a": {{ total | divided_by: count }}}'],
    ['application/xml', '\n{% if order %}<a/>{% endif %}\n'],
    ['text/plain', ''],
  ] as const)('leaves be what some data may mend: %s %s', (mimeType, template) => {
    expect(code(mimeType, template)).toBeUndefined();
  });
});
