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

describe('merge fields', () => {
  const data = `{
    "Order": {"OrderCode": "SO-1", "OrderTotalExVat": 1559917.36, "Date": "2026-03-05T14:07:09",
      "Customer": {"Name": "Åsa"}, "IsPaid": false, "Empty": null, "Rows": [{"Code": "a"}, {"Code": "b"}]},
    "order_date": "2026-03-05", "net": "1559917.36"
  }`;

  it.each([
    // The documented formats.
    ['$$Order.Date#yyyy-MM-dd$$', '2026-03-05'],
    ['$$Order.OrderTotalExVat#0.0000$$', '1559917.3600'],
    ['$$Order.OrderTotalExVat##,#.00$$', '1,559,917.36'],
    // Names without regard to case, and to what separates words.
    ['$$Order.OrderCode$$', 'SO-1'],
    ['$$order.ordercode$$', 'SO-1'],
    ['$$ORDER.Customer.NAME$$', 'Åsa'],
    ['$$OrderDate$$ $$Order-Date$$', '2026-03-05 2026-03-05'],
    ['$$Order.Rows.1.Code$$', 'b'],
    ['$$ Order.OrderCode $$', 'SO-1'],
    // What there is nothing for.
    ['[$$Order.Empty$$$$Order.Nothing$$$$Nothing.At.All$$]', '[]'],
    ['$$Order.IsPaid$$', 'false'],
    ['$$Order.Customer$$', '{"Name":"Åsa"}'],
    // The event.
    ['$$Event.Type$$ $$waybill.event.id$$', 'order.created evt_1'],
    // Formats of what is no number, no date, or a number in quotes.
    ['$$net##,#.00$$', '1,559,917.36'],
    ['$$Order.OrderCode#0.00$$', 'SO-1'],
    ['$$Order.IsPaid#0.00$$$$Order.Empty#0$$', 'false'],
    ['$$Order.Date#dd.MM.yyyy HH:mm$$', '05.03.2026 14:07'],
    // Dollars.
    ['$5 and $$$$ and $$$$$$Order.OrderCode$$', '$5 and $$ and $$SO-1'],
    ["$$Order.OrderTotalExVat#'$'0$$", '$1559917'],
  ])('%s is %s', (template, expected) => {
    expect(text(template, data)).toBe(expected);
  });

  it('find the members of data that is the entity itself', () => {
    expect(
      text('$$Order.OrderCode$$ $$Order.Customer.Name$$', { OrderCode: 7, customer: { name: 'x' } }),
    ).toBe('7 x');
    // A member of the name is the entity, whatever the data has beside it.
    expect(text('$$Order.OrderCode$$', { OrderCode: 7, Order: { OrderCode: 8 } })).toBe('8');
    expect(text('[$$Order.Other$$]', { Other: 7, Order: {} })).toBe('[]');
    expect(text('[$$Order$$]', { OrderCode: 7 })).toBe('[]');
  });

  it('take the member that is written alike before one that differs in case', () => {
    expect(text('$$A_b$$ $$a_b$$ $$AB$$', { ab: 1, A_B: 2, a_b: 3 })).toBe('2 3 1');
  });

  it('write the numbers of the data, and formatted numbers that are numbers, as JSON numbers', () => {
    const compiled = compilePayload({
      mimeType: 'application/json',
      template: '[$$n$$, $$n#0.00$$, $$n##,#.00$$, "$$n#0.00$$", $$d#yyyy$$]',
    });
    if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
    expect(renderPayload(compiled, { data: '{"n": 1234.50, "d": "2026-01-01"}', event })).toEqual({
      body: '[1234.50, 1234.50, "1,234.50", "1234.50", "2026"]',
    });
  });

  it('stand in Liquid, which keeps its own text apart', () => {
    expect(text('{% if a %}$$a$${% endif %} {{ "$$a$$" }} {% raw %}$$a$$ $${% endraw %}', { a: 1 })).toBe(
      '1 $$a$$ $$a$$ $$',
    );
    expect(
      text('{% comment %} $$ <!-- RangeStart {% endcomment %}{{- "x" -}}  $$a$$  {%- if a -%} y{% endif %}', {
        a: 1,
      }),
    ).toBe('x1y');
  });

  it.each([
    ['a\n $$Order.Code', 'field_not_closed', 2, 2],
    ['$$a$$ $$', 'field_not_closed', 1, 7],
    ['$$a\n$$', 'field_not_closed', 1, 1],
    ['x $$a b$$', 'field_malformed', 1, 3],
    ['$$$$ $$.a$$', 'field_malformed', 1, 6],
    ['$$a..b$$', 'field_malformed', 1, 1],
    ["$$a#'x$$", 'format_malformed', 1, 1],
    ['$$a#N2$$', 'format_malformed', 1, 1],
    ['$$a#C$$', 'format_malformed', 1, 1],
    [`$$a#${'0'.repeat(101)}$$`, 'format_malformed', 1, 1],
    ['{% if a %}\n{%- endif %} $$a', 'field_not_closed', 2, 14],
  ])('%j is refused when it is saved', (template, code, line, column) => {
    expect(errors(template)[0]).toMatchObject({ code, line, column });
  });

  it('are all told at once if they are wrong', () => {
    expect(errors('$$a b$$\n$$c d$$ <!-- RangeStart: x y -->').map(({ code, line }) => [code, line])).toEqual(
      [
        ['field_malformed', 1],
        ['field_malformed', 2],
        ['range_malformed', 2],
      ],
    );
    expect(errors('$$a b$$ '.repeat(500))).toHaveLength(20);
  });
});
