import { describe, expect, it } from 'vitest';
import type { PayloadErrorCode } from './failure.ts';
import {
  checkPayload,
  compilePayload,
  type MimeType,
  type Rendered,
  type RenderOptions,
  renderPayload,
} from './payload.ts';

const event = {
  id: 'evt_1',
  type: 'order.created',
  time: '2026-03-05T14:07:09Z',
  subject: 'order/7',
  channel: 'web',
  version: null,
};

function render(
  template: string,
  data: string,
  mimeType: MimeType = 'text/plain',
  options: RenderOptions = {},
): Rendered {
  const compiled = compilePayload({ mimeType, template }, options.limits);
  if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
  return renderPayload(compiled, { data, event }, options);
}

function codes(template: string, mimeType: MimeType = 'text/plain'): PayloadErrorCode[] {
  const compiled = compilePayload({ mimeType, template });
  return 'errors' in compiled ? compiled.errors.map(({ code }) => code) : [];
}

describe('what a template sees', () => {
  it('is the members of the data, and the event', () => {
    const data = '{"OrderCode": "SO-1", "order": {"total": 1.10}}';
    expect(render('{{ OrderCode }} {{ order.total }} {{ event.id }} {{ event.time }}', data)).toEqual({
      body: 'SO-1 1.10 evt_1 2026-03-05T14:07:09Z',
    });
    expect(render('{{ event.subject }} {{ event.channel }} [{{ event.version }}]', data)).toEqual({
      body: 'order/7 web []',
    });
  });

  it('is a member "event" of the data rather than the event, which is always there as waybill.event', () => {
    const data = '{"event": "picnic", "waybill": "mine"}';
    expect(render('{{ event }} {{ waybill.event.type }} {{ waybill.data.waybill }} $$Event$$', data)).toEqual(
      {
        body: 'picnic order.created mine picnic',
      },
    );
  });

  it.each(['[1,2]', '"text"', '5.0', 'null', 'true'])(
    'data that is no object, %s, is there as a whole',
    (data) => {
      expect(render('{{ waybill.data }}|{{ nothing }}{{ event.id }}', data, 'text/plain')).toEqual({
        body: `${data === 'null' ? '' : data.replaceAll('"', '')}|evt_1`,
      });
    },
  );
});

describe('a template', () => {
  it('gives the same body each time it is rendered', () => {
    const template = '{% for i in list %}{{ i }}{{ "now" | date: "%s" }}{% endfor %}';
    const first = render(template, '{"list": [3, 1, 2]}');
    expect(first).toEqual({ body: '3now1now2now' });
    expect(render(template, '{"list": [3, 1, 2]}')).toEqual(first);
  });

  it('may be as long as the limit, in bytes', () => {
    const limits = { templateBytes: 10 };
    expect(compilePayload({ mimeType: 'text/plain', template: 'ö'.repeat(5) }, limits)).toHaveProperty(
      'templates',
    );
    expect(compilePayload({ mimeType: 'text/plain', template: `${'ö'.repeat(5)}x` }, limits)).toMatchObject({
      errors: [
        {
          code: 'template_too_large',
          message: 'The template is larger than 10 bytes.',
          line: null,
          column: null,
        },
      ],
    });
  });

  it('may nest tags and ranges as deep as the limit', () => {
    const nested = (depth: number): string =>
      `${'{% if true %}<!-- RangeStart:a -->'.repeat(depth)}x${'<!-- RangeEnd:a -->{% endif %}'.repeat(depth)}`;
    expect(codes(nested(15))).toEqual([]);
    expect(codes(nested(17))).toEqual(['nesting_too_deep']);
  });

  it.each([
    ['{{ a', 'template_syntax', 1, 1, 'The output "{{ a" isn\'t closed.'],
    ['\n{% if a %}', 'template_syntax', 2, 1, "The tag {% if a %} isn't closed."],
    ['{{ a }}\n  {% endif %}', 'template_syntax', 2, 3, /"endif" has no tag it belongs to/],
    ['{% else %}', 'template_syntax', 1, 1, /"else" has no tag it belongs to/],
    ['{{ a | }}{{ | }}', 'template_syntax', 1, 13, /isn't valid Liquid/],
    ['{% for a %}{% endfor %}', 'template_syntax', 1, 1, /isn't valid Liquid/],
    ['{% if a %}{{ b | nope }}{% endif %}', 'filter_not_available', 1, 11, 'There is no filter "nope" here.'],
    ['{% if a %}\n\n{% nope %}{% endif %}', 'tag_not_available', 3, 1, 'There is no tag "nope" here.'],
    ['{% raw %}{{ a }}', 'template_syntax', 1, expect.any(Number), /raw/],
    ['x\n{{ (1..3) }}', 'loop_only_range', 2, 1, /for tag only/],
  ])('%j is refused when it is saved, with its place', (template, code, line, column, message) => {
    const compiled = compilePayload({ mimeType: 'text/plain', template });
    if (!('errors' in compiled)) throw new Error('compiled');
    expect(compiled.errors).toMatchObject([{ code, line, column }]);
    if (typeof message === 'string') expect(compiled.errors[0]?.message).toBe(message);
    else expect(compiled.errors[0]?.message).toMatch(message);
  });
});

describe('a rendering', () => {
  it('fails where the template makes it fail', () => {
    expect(render('a\n{% if x %}{{ 1 | divided_by: 0 }}{% endif %}', '{"x": 1}')).toMatchObject({
      error: {
        code: 'filter_failed',
        message: 'The calculation has no result: it divides by zero or overflows.',
        line: 2,
        column: 11,
      },
    });
    expect(render('{{ x | format: f }}', '{"x": 1, "f": "N2"}')).toMatchObject({
      error: { code: 'format_malformed', line: 1, column: 1 },
    });
  });

  it('ends when the body is larger than the limit, in bytes', () => {
    const limits = { bodyBytes: 10 };
    expect(render('{{ x }}', '{"x": "öööööö"}', 'text/plain', { limits })).toMatchObject({
      error: { code: 'body_too_large' },
    });
    expect(render('{{ x }}', '{"x": "ööööö"}', 'text/plain', { limits })).toEqual({ body: 'ööööö' });
    expect(render('0123456789{{ x }}', '{"x": 1}', 'text/plain', { limits })).toMatchObject({
      error: { code: 'body_too_large', line: 1, column: 11 },
    });
  });

  it('ends when it makes more than the limit on the way, although nothing of it is sent', () => {
    const template = '{% assign y = x | append: x | append: x %}';
    expect(render(template, '{"x": "aaaaaaaaaa"}', 'text/plain', { limits: { work: 100 } })).toMatchObject({
      error: { code: 'work_limit', line: 1, column: 1 },
    });
    expect(render(template, '{"x": "aaaaaaaaaa"}', 'text/plain', { limits: { work: 1000 } })).toEqual({
      body: '',
    });
  });

  it('can make a large body within its limits', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => ({
      code: `P-${at}`,
      name: 'A name, as long as names are',
      qty: at,
    }));
    const template =
      '[{% for row in rows %}{"code": {{ row.code }}, "name": "{{ row.name }}", "qty": {{ row.qty }}},{% endfor %}]';
    const rendered = render(template, JSON.stringify({ rows }), 'application/json', { now: () => 0 });
    expect('body' in rendered && JSON.parse(rendered.body)).toEqual(rows);
  });

  it('fails for data that is nested without end', () => {
    const data = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(render('{{ a }}', data)).toHaveProperty('error');
    expect(render('$$a#0$$', data)).toHaveProperty('error');
  });

  it.each(['', '{"a":', '{"a":1.0}x'])('fails for data that is no JSON: %#', (data) => {
    expect(render('{{ a }}', data)).toMatchObject({ error: { code: 'data_malformed', line: null } });
  });
});

describe('the check of a template that is saved', () => {
  it('finds all that needs no data', () => {
    expect(checkPayload({ mimeType: 'application/json', template: '{{ a' })).toMatchObject([
      { code: 'template_syntax' },
    ]);
    expect(checkPayload({ mimeType: 'application/json', template: '{{ a }}' })).toEqual([]);
  });
});
