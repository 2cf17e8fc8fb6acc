import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayloadError } from './failure.ts';
import { compilePayload, renderPayload } from './payload.ts';

const event = { id: 'evt_1', type: 'order.created' };

function text(template: string, data: unknown): string {
  const compiled = compilePayload({ mimeType: 'text/plain', template });
  if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
  const rendered = renderPayload(compiled, {
    data: typeof data === 'string' ? data : JSON.stringify(data),
    event,
  });
  if ('error' in rendered) throw new Error(rendered.error.message);
  return rendered.body;
}

function errors(template: string): readonly PayloadError[] {
  const compiled = compilePayload({ mimeType: 'text/plain', template });
  return 'errors' in compiled ? compiled.errors : [];
}

describe('conditions', () => {
  const holds = (condition: string, data: unknown): boolean =>
    text(`<!-- RangeStart:${condition} -->yes<!-- RangeEnd:${condition} -->`, data) === 'yes';

  it.each([
    ['$$x$$', [1, -1, 0.5, 'a', '0', true, [0], { a: 1 }], [0, 0.0, '', null, undefined, false, [], {}]],
    ["$$x$$=''", ['', [], {}], [0, 'a', null, undefined, false, ' ']],
    ["$$x$$='null'", [null, undefined], ['', 0, false, 'null', []]],
    ["$$x$$='NULL'", [null], ['']],
    ["$$x$$='False'", [false, 'False'], [true, 'false', 0, null, '']],
    ["$$x$$='true'", [true, 'true'], [false, 'True', 1]],
    ["$$x$$='5'", [5, '5'], [50, '5.0', null]],
    ["$$x$$='5.0'", [5, '5.0'], ['5']],
    ["$$x$$='Paid'", ['Paid'], ['paid', 'Paid ', 1, null]],
    ["$$x$$='O''Neil'", ["O'Neil"], ['ONeil']],
    ["$$ x $$ = 'a=b'", ['a=b'], ['a']],
  ])('%s', (condition, yes, no) => {
    for (const x of yes) expect([x, holds(condition, { x })]).toEqual([x, true]);
    for (const x of no) expect([x, holds(condition, { x })]).toEqual([x, false]);
  });

  it('compare numbers as numbers, however they are written', () => {
    expect(text("<!-- RangeStart:$$x$$='1.1' -->yes<!-- RangeEnd:$$x$$='1.1' -->", '{"x": 1.10}')).toBe(
      'yes',
    );
    expect(text('<!-- RangeStart:$$x$$ -->yes<!-- RangeEnd:$$x$$ -->', '{"x": 0.00}')).toBe('');
  });

  it('can be nested, and ended in another case', () => {
    const template =
      "<!--RangeStart:$$Order.IsPaid$$='False'-->unpaid<!-- rangestart:$$Order.Due$$ --> $$Order.Due#dd.MM.$$" +
      "<!-- RangeEnd:$$order.due$$ --><!-- RangeEnd:$$ORDER.IsPaid$$ = 'False' -->";
    expect(text(template, { Order: { IsPaid: false, Due: '2026-03-05' } })).toBe('unpaid 05.03.');
    expect(text(template, { Order: { IsPaid: false } })).toBe('unpaid');
    expect(text(template, { Order: { IsPaid: true, Due: '2026-03-05' } })).toBe('');
  });
});

describe('collections', () => {
  const rows = (name: string, inner: string): string =>
    `<!-- RangeStart:${name}-->${inner}<!-- RangeEnd:${name}-->`;
  const list = [
    { ProductName: 'a', Qty: 2 },
    { ProductName: 'b', Qty: 0 },
  ];

  it('repeat for each entry', () => {
    expect(text(rows('OrderRow', '$$OrderRow.ProductName$$;'), { OrderRow: list })).toBe('a;b;');
    expect(text(rows('orderrow', '$$ORDERROW.productname$$;'), { OrderRow: list })).toBe('a;b;');
  });

  it('are found at the top, in a member of the data, by their path, and in the plural', () => {
    const template = rows('OrderRow', '$$OrderRow.ProductName$$');
    for (const data of [
      { OrderRow: list },
      { orderRows: list },
      { order_rows: list },
      { Order: { OrderRow: list } },
      { Customer: {}, Order: { OrderRows: list } },
    ]) {
      expect(text(template, data)).toBe('ab');
    }
    const byPath = rows('Order.OrderRow', '$$OrderRow.ProductName$$');
    expect(text(byPath, { Order: { OrderRows: list } })).toBe('ab');
    expect(text(byPath, { OrderRow: list })).toBe('ab');
    expect(text(rows('Event', '$$Event.Id$$'), {})).toBe('evt_1');
  });

  it('prefer their exact name to the plural, and the data to what lies deeper', () => {
    const data = { OrderRows: [{ n: 1 }], OrderRow: [{ n: 2 }], Order: { OrderRow: [{ n: 3 }] } };
    expect(text(rows('OrderRow', '$$OrderRow.n$$'), data)).toBe('2');
  });

  it('are nothing if there is none, and one entry if it is a single object', () => {
    const template = `[${rows('OrderRow', '$$OrderRow.ProductName$$')}]`;
    for (const data of [{}, { OrderRow: null }, { OrderRow: [] }, { OrderRow: 5 }, []]) {
      expect(text(template, data)).toBe('[]');
    }
    expect(text(template, { OrderRow: { ProductName: 'x' } })).toBe('[x]');
  });

  it('can hold plain values', () => {
    expect(text(rows('Tag', '$$Tag$$,'), { tags: ['a', 1, true] })).toBe('a,1,true,');
  });

  it('stand in each other and in conditions, and see what is around them', () => {
    const template = rows(
      'Order',
      '$$Order.Code$$:' +
        rows(
          'Row',
          '$$Order.Code$$/$$Row.Code$$/$$Shop$$<!-- RangeStart:$$Row.Gift$$ --> gift<!-- RangeEnd:$$Row.Gift$$ -->,',
        ),
    );
    const data = {
      Shop: 's',
      Orders: [
        { Code: 1, Rows: [{ Code: 'a', Gift: true }] },
        { Code: 2, Rows: [{ Code: 'b' }, { Code: 'c' }] },
      ],
    };
    expect(text(template, data)).toBe('1:1/a/s gift,2:2/b/s,2/c/s,');
  });

  it('name the range around them even where an entry has such a member', () => {
    const template = rows('Row', rows('Parcel', '$$Row.Code$$'));
    expect(text(template, { Rows: [{ Code: 'a', Parcels: [{ Row: 7, Code: 'x' }] }] })).toBe('a');
  });

  it('can be used by Liquid as well, which tells the last entry', () => {
    const template = rows('Row', '{{ Row.Code }}{% unless forloop.last %}, {% endunless %}');
    expect(text(template, { Rows: [{ Code: 'a' }, { Code: 'b' }] })).toBe('a, b');
    const broken = rows('Row', '{% if forloop.index == 2 %}{% break %}{% endif %}{{ Row.Code }}');
    expect(text(`${broken}!`, { Rows: [{ Code: 'a' }, { Code: 'b' }, { Code: 'c' }] })).toBe('a!');
    const skipped = rows('Row', '{% if forloop.first %}{% continue %}{% endif %}{{ Row.Code }}');
    expect(text(`${skipped}!`, { Rows: [{ Code: 'a' }, { Code: 'b' }, { Code: 'c' }] })).toBe('bc!');
  });

  it.each([
    ['\n<!-- RangeStart:A -->', 'range_not_closed', 2, 1],
    ['<!-- RangeStart:A --><!-- RangeEnd:B -->', 'range_mismatch', 1, 22],
    ["<!-- RangeStart:$$a$$='1' --><!-- RangeEnd:$$a$$='2' -->", 'range_mismatch', 1, 30],
    [
      '<!-- RangeStart:A --><!-- RangeStart:B --><!-- RangeEnd:A --><!-- RangeEnd:B -->',
      'range_mismatch',
      1,
      43,
    ],
    ['x <!-- RangeEnd:A -->', 'range_mismatch', 1, 3],
    ['{% if a %}<!-- RangeStart:A -->{% endif %}<!-- RangeEnd:A -->', 'template_syntax', 1, 32],
    ['<!-- RangeStart:A -->{% if a %}<!-- RangeEnd:A -->{% endif %}', 'range_mismatch', 1, 32],
    ['<!-- RangeStart: -->', 'range_malformed', 1, 1],
    ['<!-- RangeStart -->', 'range_malformed', 1, 1],
    ['<!-- RangeStart:A', 'range_malformed', 1, 1],
    ['<!-- RangeStart:$$a$$=1 -->', 'range_malformed', 1, 1],
    ["<!-- RangeStart:$$a$$<'1' -->", 'range_malformed', 1, 1],
  ])('%j is refused when it is saved', (template, code, line, column) => {
    expect(errors(template)[0]).toMatchObject({ code, line, column });
  });

  it('leave other comments alone', () => {
    expect(text('<!-- Ranges: $$a$$ --><!-- RangeStarter -->', { a: 1 })).toBe(
      '<!-- Ranges: 1 --><!-- RangeStarter -->',
    );
  });

  it('no text makes the scan fail in another way than by an error', () => {
    const piece = fc.constantFrom(
      '$$',
      '$',
      '<!--',
      '-->',
      'RangeStart:',
      'RangeEnd:',
      'A',
      '.',
      '#',
      "='1'",
      ' ',
      '\n',
      '{{',
      '}}',
      '{%',
      'if a',
      '%}',
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (parts) => {
        for (const error of errors(parts.join(''))) {
          expect(error.message).not.toBe('');
          expect(error.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
