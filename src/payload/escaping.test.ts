import fc from 'fast-check';
import { type SaxesOptions, SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { PayloadError } from './failure.ts';
import { compilePayload, type MimeType, type Rendered, renderPayload } from './payload.ts';

const event = { id: 'evt_1', type: 'order.created' };

function render(mimeType: MimeType, template: string, data: string): Rendered {
  const compiled = compilePayload({ mimeType, template });
  if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
  return renderPayload(compiled, { data, event });
}

function rendered(mimeType: MimeType, template: string, data: string): string {
  const result = render(mimeType, template, data);
  if ('error' in result) throw new Error(result.error.message);
  return result.body;
}

function errorOf(mimeType: MimeType, template: string, data: string): PayloadError {
  const result = render(mimeType, template, data);
  if ('body' in result) throw new Error(`rendered: ${result.body}`);
  return result.error;
}

/** Texts of single characters, halves of characters, control characters, and everything that ends something. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '<',
        '>',
        '&',
        ']',
        ']]',
        ']]>',
        '-',
        '--',
        '-->',
        '\r\n',
        '\u2028',
        '😀',
      ),
      fc.constantFrom(
        '{{ v }}',
        '{% if %}',
        '$$v$$',
        '$$$$',
        '<!-- RangeStart:v -->',
        '<![CDATA[',
        '&amp;',
        '\\u0022',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const json = (template: string, data: unknown): unknown =>
  JSON.parse(rendered('application/json', template, JSON.stringify(data)));

describe('JSON', () => {
  it('gives back any text, in a string and as a value, from Liquid and from merge fields', () => {
    const template = '{"a": "x{{ v }}y", "b": {{ v }}, "c": "$$v$$", "d": $$v$$, {{ v }}: 1, "e {{ v }}": 2}';
    fc.assert(
      fc.property(anyText, (v) => {
        expect(json(template, { v })).toEqual({ a: `x${v}y`, b: v, c: v, d: v, [v]: 1, [`e ${v}`]: 2 });
      }),
      { numRuns: 500 },
    );
  });

  it('gives back any value where a value is due', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (v) => {
        const same = JSON.parse(JSON.stringify(v));
        expect(json('{"a": {{ v }}, "b": [{{ v | json }}, $$v$$]}', { v })).toEqual({
          a: same,
          b: [same, same],
        });
      }),
    );
  });

  it('holds captured and changed texts as safely as others', () => {
    const template =
      '{% capture c %}<{{ v }}>{% endcapture %}{% assign d = v | append: v %}{"a": "{{ c }}", "b": {{ d }}}';
    fc.assert(
      fc.property(anyText, (v) => {
        expect(json(template, { v })).toEqual({ a: `<${v}>`, b: v + v });
      }),
    );
  });

  it('writes null for what is absent, and nothing inside of a string', () => {
    expect(json('{"a": {{ no.such.thing }}, "b": "{{ no }}", "c": $$No.Such$$}', {})).toEqual({
      a: null,
      b: '',
      c: null,
    });
  });

  it('keeps the text of numbers', () => {
    const data = '{"n": 1.10, "big": 9007199254740993, "list": [1.0, 1E5]}';
    const template = '[{{ n }}, "{{ n }}", $$big$$, {{ list }}, "{{ list }}", {{ n | plus: 1 }}]';
    expect(rendered('application/json', template, data)).toBe(
      '[1.10, "1.10", 9007199254740993, [1.0,1E5], "[1.0,1E5]", 2.1]',
    );
  });

  it('lets numbers be pieced together, but no texts', () => {
    expect(json('[-{{ n }}, {{ n }}.{{ n }}, {{ n }}e2]', { n: 5 })).toEqual([-5, 5.5, 500]);
    expect(errorOf('application/json', '[{{ n }}.{{ s }}]', '{"n": 5, "s": "5"}').code).toBe('invalid_json');
    expect(errorOf('application/json', '[0{{ n }}]', '{"n": 5}').code).toBe('invalid_json');
  });

  it('drops a comma before the end of a list or an object', () => {
    const template =
      '{"a": [{% for i in v %}{{ i }},\n{% endfor %}], "b": "x,]", {% if no %}"c": 1{% endif %} }';
    expect(json(template, { v: [1, 2] })).toEqual({ a: [1, 2], b: 'x,]' });
    expect(json(template, { v: [] })).toEqual({ a: [], b: 'x,]' });
  });

  it('refuses an output behind a backslash, where it could end the string', () => {
    const error = errorOf('application/json', '{"a": "\\{{ v }}"}', '{"v": "\\""}');
    expect(error).toMatchObject({ code: 'output_misplaced', line: 1, column: 9 });
    expect(errorOf('application/json', '{"a": "\\u00{{ v }}"}', '{"v": 41}').code).toBe('output_misplaced');
  });

  it.each([
    ['{"a": 1\n "b": 2}', 2, 2, /comma or a closing bracket is expected here, not `"`/],
    ['{"a": abc}', 1, 10, /A text needs quotes/],
    ["{'a': 1}", 1, 2, /name in quotes or a closing brace/],
    ['{"a" 1}', 1, 6, /colon is expected/],
    ['[1 {{ v }}]', 1, 4, /comma or a closing bracket is expected here, not `"text"`/],
    ['{ {{ n }}: 1}', 1, 3, /name in quotes/],
    ['{"a": "line\nbreak"}', 1, 12, /write \\n/],
    ['{"a": "\\x"}', 1, 9, /is expected here/],
    ['[1] 2', 1, 5, /nothing more/],
    ['[1,,2]', 1, 4, /a value is expected/],
    ['[}', 1, 2, /closing bracket/],
    ['{"a": ', 1, 7, /too early: a value/],
    ['{"a": "x', 1, 9, /too early: a closing quote/],
    ['tru', 1, 4, /true, false or null/],
    ['{% if no %}{}{% endif %}', 1, 25, /yields nothing/],
  ])('%j is no JSON, and is told where', (template, line, column, message) => {
    const error = errorOf('application/json', template, '{"v": "text", "n": 1}');
    expect(error).toMatchObject({ code: 'invalid_json', line, column });
    expect(error.message).toMatch(message);
  });
});

describe('XML', () => {
  /** What a receiver's parser reads: the texts of each element and its attributes. */
  function read(document: string): {
    readonly text: string;
    readonly attributes: string[];
    readonly tags: string[];
  } {
    const parser = new SaxesParser<SaxesOptions>({ xmlns: false });
    const tags: string[] = [];
    const attributes: string[] = [];
    let text = '';
    parser.on('opentag', (tag) => tags.push(tag.name));
    parser.on('attribute', (attribute) => attributes.push(String(attribute.value)));
    parser.on('text', (part) => {
      text += part;
    });
    parser.on('cdata', (part) => {
      text += part;
    });
    parser.write(document).close();
    return { text, attributes, tags };
  }

  const xml = (template: string, data: unknown): ReturnType<typeof read> =>
    read(rendered('application/xml', template, JSON.stringify(data)));

  /** XML 1.0 knows no control characters but three, no halves of characters, and not U+FFFE and U+FFFF. */
  const held = (text: string): string =>
    Array.from(text, (character) => {
      const code = character.codePointAt(0) as number;
      const isHeld = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code < 0xd800);
      return isHeld || (code >= 0xe000 && code < 0xfffe) || code > 0xffff ? character : '\ufffd';
    }).join('');

  it('gives back any text it can hold, from elements and attributes', () => {
    const template = `<a b="{{ v }}" c='x $$v$$'>[{{ v }}$$v$$]</a>`;
    fc.assert(
      fc.property(anyText, (v) => {
        const expected = held(v);
        expect(xml(template, { v })).toEqual({
          text: `[${expected}${expected}]`,
          attributes: [expected, `x ${expected}`],
          tags: ['a'],
        });
      }),
      { numRuns: 500 },
    );
  });

  it('gives back any text from a CDATA section, whatever stands around it there', () => {
    const around = fc.constantFrom('', ']', ']]', '>', ']>', 'x', '&lt;');
    fc.assert(
      fc.property(anyText, around, around, fc.boolean(), (v, before, after, twice) => {
        // A template that ends the section itself is another matter.
        fc.pre(v !== '' || !(before + after).includes(']]>'));
        const template = `<a><![CDATA[${before}{{ v }}${twice ? '{{ v }}' : ''}${after}]]></a>`;
        const expected = `${before}${held(v)}${twice ? held(v) : ''}${after}`;
        expect(xml(template, { v }).text).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no text end a comment', () => {
    const around = fc.constantFrom('', ' ', '-', 'x', '- ', '>');
    fc.assert(
      fc.property(anyText, around, fc.constantFrom('', ' ', 'x', '>'), (v, before, after) => {
        fc.pre(v !== '' || before !== '-');
        const template = `<a>1<!-- ${before}{{ v }}{{ v }}${after}--><b/>2</a>`;
        expect(xml(template, { v })).toEqual({ text: '12', attributes: [], tags: ['a', 'b'] });
      }),
      { numRuns: 1000 },
    );
  });

  it('writes nothing for what is absent, and JSON for lists and objects', () => {
    const data = { list: [1, '<'], o: { a: null }, t: true };
    expect(xml('<a>{{ no }}|{{ list }}|{{ o }}|{{ t }}</a>', data).text).toBe('|[1,"<"]|{"a":null}|true');
  });

  it('may begin with tags and line breaks, before its declaration', () => {
    const template = '{% assign x = 1 %}\n\n<?xml version="1.0" encoding="utf-8"?>\n<a>{{ x }}</a>';
    expect(rendered('application/xml', template, '{}')).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<a>1</a>',
    );
  });

  it.each([
    '<{{ v }}>',
    '<a {{ v }}="1">',
    '<a b={{ v }}>',
    '<?pi {{ v }}?><a/>',
    '<a></{{ v }}>',
    '<!{{ v }}',
  ])('takes no output in a tag or an instruction: %s', (template) => {
    expect(errorOf('application/xml', template, '{"v": "x"}').code).toBe('output_misplaced');
  });

  it('takes no DOCTYPE, not even a hidden one', () => {
    const template = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>';
    expect(compilePayload({ mimeType: 'application/xml', template })).toMatchObject({
      errors: [{ code: 'doctype_not_allowed', line: 1, column: 1 }],
    });
    const hidden = '<!DOC{% if true %}TYPE a{% endif %}><a/>';
    expect(errorOf('application/xml', hidden, '{}').code).toBe('doctype_not_allowed');
  });

  it.each([
    ['<a>\n  <b></a>', 2, 9, /unexpected close tag/],
    ['<a>{{ v }}\n</b>', 2, 4, /unexpected close tag/],
    ['<a>&nbsp;</a>', 1, 9, /undefined entity/],
    ['<a b="1" b="2"/>', 1, 16, /duplicate attribute/],
    ['<a>', 1, 4, /unclosed tag/],
    ['<a/><b/>', 1, 7, /root/],
    ['{{ v }}', 1, 1, /text data outside of root/],
    ['{% if no %}<a/>{% endif %}', 1, 27, /must contain a root element/],
    ['<a>a ]]> b</a>', 1, 8, /./],
    ['<?xml version="1.1"?><a/>', 1, 21, /version 1.0/],
    ['<?xml version="1.0" encoding="latin1"?><a/>', 1, 39, /UTF-8/],
  ])('%j is not well-formed, and is told where', (template, line, column, message) => {
    const error = errorOf('application/xml', template, '{"v": "text"}');
    expect(error).toMatchObject({ code: 'invalid_xml', line, column });
    expect(error.message).toMatch(message);
  });
});

describe('plain text', () => {
  it('is as it is', () => {
    fc.assert(
      fc.property(anyText, (v) => {
        expect(rendered('text/plain', 'a {{ v }} "$$v$$" <', JSON.stringify({ v }))).toBe(`a ${v} "${v}" <`);
      }),
    );
  });
});
