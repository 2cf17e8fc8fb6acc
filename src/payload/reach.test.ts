import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PayloadError } from './failure.ts';
import { compilePayload, type Rendered, renderPayload } from './payload.ts';

const event = { id: 'evt_1', type: 'order.created' };

function render(template: string, data: string): Rendered | readonly PayloadError[] {
  const compiled = compilePayload({ mimeType: 'text/plain', template });
  return 'errors' in compiled ? compiled.errors : renderPayload(compiled, { data, event });
}

describe('what a template can reach', () => {
  beforeEach(() => {
    Object.defineProperty(Object.prototype, 'planted', {
      value: 'SECRET',
      configurable: true,
      writable: true,
    });
    Object.defineProperty(Array.prototype, 'planted', {
      value: 'SECRET',
      configurable: true,
      writable: true,
    });
  });
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'planted');
    Reflect.deleteProperty(Array.prototype, 'planted');
  });

  const data =
    '{"order": {"name": "n", "total": 1.10, "plain": 5, "rows": [{"code": "a"}]}, "k": "constructor", "p": "__proto__"}';
  const inherited = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'planted',
  ];
  const owners = [
    ...[
      'order',
      'order.rows',
      'order.rows[0]',
      'order.name',
      'order.total',
      'order.plain',
      'event',
      'waybill',
    ],
    ...[
      '"text"',
      '1',
      'true',
      'nil',
      'empty',
      'blank',
      'nothing',
      'order.__proto__',
      'empty.__proto__.__proto__',
    ],
  ];

  const outputs = [
    ...inherited,
    ...owners.flatMap((owner) => inherited.flatMap((name) => [`${owner}.${name}`, `${owner}["${name}"]`])),
    ...[
      'order[k]',
      'order[p]',
      'order[k][k]',
      'order.rows[k]',
      'order[order]',
      'order[order.rows]',
      '[k]',
      '[order]',
    ],
    ...[
      'globalThis',
      'process',
      'require',
      'this',
      'self',
      'module',
      'order.rows.length',
      'order.rows.map',
      'order.name.length',
    ],
    ...inherited.flatMap((name) => [
      `order.rows | map: "${name}"`,
      `order.rows | map: "${name}.name"`,
      `order | map: "${name}"`,
      `order.rows | where: "${name}"`,
      `order.rows | find: "${name}"`,
    ]),
  ].map((expression) => `{{ ${expression} }}`);

  const marks = [
    ...inherited.flatMap((name) => [
      `$$${name}$$`,
      `$$Order.${name}$$`,
      `$$Order.Rows.${name}$$`,
      `$$Event.${name}.name$$`,
    ]),
    ...inherited.map((name) => `<!-- RangeStart:${name} -->x<!-- RangeEnd:${name} -->`),
    ...inherited.map((name) => `<!-- RangeStart:Order.${name} -->x<!-- RangeEnd:Order.${name} -->`),
    ...inherited.map((name) => `<!-- RangeStart:$$Order.${name}$$ -->x<!-- RangeEnd:$$Order.${name}$$ -->`),
  ];

  const tags = [
    ...inherited.map((name) => `{% for i in ${name} %}x{% endfor %}`),
    ...inherited.map((name) => `{% for i in order.${name} %}x{% endfor %}`),
    ...inherited.map((name) => `{% if order.${name} %}x{% endif %}`),
    ...inherited.map(
      (name) => `{% for i in order.rows %}{{ forloop.${name} }}{{ forloop.${name}.name }}{% endfor %}`,
    ),
    '{% assign __proto__ = order %}{{ nothing.name }}{{ name }}',
    '{% for __proto__ in order.rows %}{{ code }}{% endfor %}',
    '{% capture __proto__ %}x{% endcapture %}{{ nothing }}',
    '{% for i in order.rows __proto__: order constructor: order %}{{ name }}{% endfor %}',
  ];

  it.each([...outputs, ...marks, ...tags])('%s is nothing', (template) => {
    expect(['', '[]', '[null]']).toContain((render(template, data) as { body: string }).body);
  });

  it('a variable of such a name is a variable', () => {
    expect(render('{% assign constructor = "x" %}{{ constructor }}', data)).toEqual({
      body: 'x',
    });
    expect(
      render(
        '{{ constructor }}{{ a.__proto__ }}$$a.__proto__$$',
        '{"constructor": 1, "a": {"__proto__": 2}}',
      ),
    ).toEqual({
      body: '122',
    });
  });

  it.each([
    ...['include "x"', 'render "x"', 'layout "x"', 'block x', 'include x', 'tablerow i in a', 'cycle 1, 2'],
    ...['increment x', 'decrement x', 'import "x"', 'constructor', '__proto__'],
  ])('{%% %s %%} is no tag', (tag) => {
    expect(render(`{% ${tag} %}`, data)).toMatchObject([{ code: 'tag_not_available', line: 1 }]);
  });

  it.each([
    ...['raw', 'inspect', 'jsonify', 'where_exp: "i", "i"', 'map_exp: "i", "i"', 'group_by: "x"', 'push: 1'],
    ...['sample', 'hmac_sha256: "x"', 'date_to_rfc822', 'slugify', 'constructor', '__proto__', 'toString'],
  ])('"%s" is no filter', (filter) => {
    expect(render(`{{ order | ${filter} }}`, data)).toMatchObject([
      { code: 'filter_not_available', line: 1, column: 1 },
    ]);
  });

  it('a template changes nothing that another one sees', () => {
    const template = '{{ order.name }}{% assign order = 1 %}{% assign event = 2 %}{{ order }}{{ event }}';
    const compiled = compilePayload({ mimeType: 'text/plain', template });
    if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
    const first = renderPayload(compiled, { data, event });
    expect(first).toEqual({ body: 'n12' });
    expect(renderPayload(compiled, { data, event })).toEqual(first);
    expect(event).toEqual({ id: 'evt_1', type: 'order.created' });
  });
});
