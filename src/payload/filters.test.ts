import { describe, expect, it } from 'vitest';
import { compilePayload, renderPayload } from './payload.ts';

const data = `{
  "name": "Åsa <b>O'Neil</b> 😀", "padded": "  a  b ", "price": 19.90, "zero": 0, "no": false, "nothing": null,
  "date": "2026-03-05T14:07:09+01:00", "list": [3, 1, 2, 1], "words": ["b", "A", "c"], "empty_list": [],
  "rows": [
    {"code": "b", "qty": 2, "price": 1.10, "gift": true, "product": {"code": "P2"}},
    {"code": "a", "qty": 10, "price": 2.20, "product": {"code": "P1"}},
    {"code": "c", "gift": false}
  ]
}`;

function text(template: string): string {
  const compiled = compilePayload({ mimeType: 'text/plain', template });
  if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
  const rendered = renderPayload(compiled, { data, event: { id: 'evt_1', type: 'order.created' } });
  return 'error' in rendered ? `error: ${rendered.error.code}` : rendered.body;
}

describe('filters of texts', () => {
  it.each([
    ['"a" | append: "b" | prepend: "c"', 'cab'],
    ['price | append: " EUR"', '19.90 EUR'],
    ['name | upcase', "ÅSA <B>O'NEIL</B> 😀"],
    ['"ABC" | downcase', 'abc'],
    ['"hELLO world" | capitalize', 'Hello world'],
    ['padded | strip | append: "|"', 'a  b|'],
    ['padded | lstrip | append: "|"', 'a  b |'],
    ['padded | rstrip | append: "|"', '  a  b|'],
    ['padded | squish | append: "|"', 'a b|'],
    ['"a\\r\\nb\\n" | strip_newlines', 'ab'],
    ['"a\\nb" | newline_to_br', 'a<br />\nb'],
    ['name | strip_html', "Åsa O'Neil 😀"],
    ['"a < b" | strip_html', 'a < b'],
    ['"<&>" | escape', '&lt;&amp;&gt;'],
    ['"&lt;&" | escape_once', '&lt;&amp;'],
    ['"a.b.c" | replace: ".", "$&"', 'a$&b$&c'],
    ['"a.b.c" | replace_first: ".", "-"', 'a-b.c'],
    ['"a.b.c" | replace_last: ".", "-"', 'a.b-c'],
    ['"a.b" | replace_last: "x", "-"', 'a.b'],
    ['"aaa" | replace: "", "-"', 'aaa'],
    ['"a.b.c" | remove: "."', 'abc'],
    ['"a.b.c" | remove_first: "."', 'ab.c'],
    ['"a.b.c" | remove_last: "."', 'a.bc'],
    ['"a b&ö" | url_encode', 'a+b%26%C3%B6'],
    ['"a+b%26" | url_decode', 'a b&'],
    ['"100%" | url_decode', '100%'],
    ['"ö" | base64_encode', 'w7Y='],
    ['"w7Y=" | base64_decode', 'ö'],
    ['"" | sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['"a,b,,c,," | split: "," | join: "|"', 'a|b||c'],
    ['"" | split: "," | size', '0'],
    ['"😀😀😀" | truncate: 2, ""', '😀😀'],
    ['"abcdefgh" | truncate: 6', 'abc...'],
    ['"abc" | truncate: 3', 'abc'],
    ['"a b c d" | truncatewords: 2', 'a b...'],
    ['"a b" | truncatewords: 2', 'a b'],
    ['"abcde" | slice: 1, 2', 'bc'],
    ['"abcde" | slice: -2, 2', 'de'],
    ['"abcde" | slice: 9', ''],
    ['"abc" | size', '3'],
  ])('{{ %s }} is %j', (expression, expected) => {
    expect(text(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe('filters of numbers', () => {
  it.each([
    ['price | plus: 1', '20.9'],
    ['"5" | times: "2"', '10'],
    ['10 | minus: 4 | divided_by: 4', '1.5'],
    ['-7 | modulo: 3', '2'],
    ['-1.5 | abs', '1.5'],
    ['1.2 | ceil', '2'],
    ['1.8 | floor', '1'],
    ['1.005 | round: 2', '1.01'],
    ['2.5 | round', '3'],
    ['1234 | round: -2', '1200'],
    ['5 | at_least: 7 | at_most: 6', '6'],
    ['0.1 | plus: 0.2', '0.3'],
    ['1.1 | times: 3', '3.3'],
    ['0.3 | minus: 0.1', '0.2'],
    ['"9007199254740993" | plus: 1', '9007199254740994'],
    ['"1e300" | times: "1e300"', 'error: filter_failed'],
    ['10 | divided_by: 4', '2.5'],
    ['"x" | plus: 1', '1'],
    ['nothing | plus: 1', '1'],
    ['price | round', '20'],
    ['price | times: 3 | format: "0.00"', '59.70'],
    ['1 | divided_by: 0', 'error: filter_failed'],
    ['1 | modulo: 0', 'error: filter_failed'],
    ['price | format: "#,0.000"', '19.900'],
    ['date | format: "dd.MM.yyyy"', '05.03.2026'],
    ['price | format: "N2"', 'error: format_malformed'],
  ])('{{ %s }} is %j', (expression, expected) => {
    expect(text(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe('filters of lists', () => {
  it.each([
    ['list | sort | join: ","', '1,1,2,3'],
    ['words | sort | join', 'A b c'],
    ['words | sort_natural | join', 'A b c'],
    ['rows | sort: "code" | map: "code" | join', 'a b c'],
    ['rows | sort: "qty" | map: "code" | join', 'b a c'],
    ['rows | sort: "product.code" | map: "code" | join', 'a b c'],
    ['list | uniq | join', '3 1 2'],
    ['list | reverse | join', '1 2 1 3'],
    ['list | concat: words | size', '7'],
    ['rows | map: "qty" | compact | join', '2 10'],
    ['rows | sum: "price"', '3.3'],
    ['list | sum', '7'],
    ['rows | where: "gift" | map: "code" | join', 'b'],
    ['rows | where: "code", "a" | map: "qty" | join', '10'],
    ['rows | where: "product.code", "P2" | size', '1'],
    ['rows | where: "price", 1.1 | size', '1'],
    ['rows | reject: "gift" | map: "code" | join', 'a c'],
    ['rows | has: "code", "c"', 'true'],
    ['rows | map: "code" | first', 'b'],
    ['list | last', '1'],
    ['list | slice: 1, 2 | join', '1 2'],
    ['rows | find: "code", "a" | json', '{"code":"a","qty":10,"price":2.20,"product":{"code":"P1"}}'],
    ['list | size', '4'],
    ['rows | map: "price" | json', '[1.10,2.20,null]'],
    ['nothing | map: "x" | size', '0'],
  ])('{{ %s }} is %j', (expression, expected) => {
    expect(text(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe('other filters', () => {
  it.each([
    ['nothing | default: "x"', 'x'],
    ['no | default: "x"', 'x'],
    ['no | default: "x", allow_false: true', 'false'],
    ['zero | default: "x"', '0'],
    ['empty_list | default: "x"', 'x'],
    ['date | date: "%d.%m.%Y %H:%M"', '05.03.2026 14:07'],
    ['0 | date: "%Y"', '1970'],
    ['date | date', '2026-03-05 14:07:09'],
    ['"now" | date: "%Y"', 'now'],
    ['"today" | date: "%Y"', 'today'],
    ['nothing | json', 'null'],
    ['name | json', `"Åsa <b>O'Neil</b> 😀"`],
    ['list', '[3,1,2,1]'],
  ])('{{ %s }} is %j', (expression, expected) => {
    expect(text(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe('tags and operators', () => {
  it.each([
    ['{% if price > 19 and price <= 19.9 %}yes{% endif %}', 'yes'],
    ['{% if price == 19.9 %}yes{% else %}no{% endif %}', 'yes'],
    ['{% if "b" > "a" %}yes{% endif %}', 'yes'],
    ['{% if nothing > 1 or nothing < 1 %}yes{% else %}no{% endif %}', 'no'],
    ['{% if nothing == nil and empty_list == empty and padded != blank %}yes{% endif %}', 'yes'],
    ['{% if words contains "A" %}yes{% endif %}', 'yes'],
    ['{% if name contains "Neil" %}yes{% endif %}', 'yes'],
    ['{% if nothing contains "a" %}yes{% else %}no{% endif %}', 'no'],
    ['{% if not no %}yes{% endif %}', 'yes'],
    ['{% unless no %}yes{% endunless %}', 'yes'],
    ['{% case rows.size %}{% when 1, 2 %}few{% when 3 %}three{% else %}many{% endcase %}', 'three'],
    ['{% case name %}{% when nil %}none{% else %}some{% endcase %}', 'some'],
    ['{% for i in (1..3) %}{{ i }}{% endfor %}', '123'],
    ['{% for i in (3..1) %}{{ i }}{% else %}none{% endfor %}', 'none'],
    ['{% for i in list limit: 2 offset: 1 %}{{ i }}{% endfor %}', '12'],
    ['{% for i in list reversed %}{{ forloop.index }}{{ i }} {% endfor %}', '11 22 31 43 '],
    ['{% for i in nothing %}{% else %}none{% endfor %}', 'none'],
    ['{% for i in list %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}!', '31!'],
    ['{% for i in list %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% endfor %}!', '32!'],
    ['{% for p in rows[2] %}{{ p[0] }}={{ p[1] }} {% endfor %}', 'code=c gift=false '],
    [
      '{% for i in list %}{{ forloop.first }}{{ forloop.rindex0 }} {% endfor %}',
      'true3 false2 false1 false0 ',
    ],
    ['{% assign x = list | first %}{{ x }}{% capture y %}<{{ x }}>{% endcapture %}{{ y }}', '3<3>'],
    ['{% liquid\n assign x = 1\n if x\n echo "yes"\n endif %}', 'yes'],
    ['{% raw %}{{ x }}{% endraw %}{% comment %}{{ y }}{% endcomment %}{% # note %}', '{{ x }}'],
    [
      '{{ rows[0].code }}{{ rows.first["qty"] }}{{ rows.last.code }}{{ rows[-1].code }}{{ rows.size }}',
      'b2cc3',
    ],
    ['{{ nil }}{{ empty }}{{ true }}', 'true'],
  ])('%s is %j', (template, expected) => {
    expect(text(template)).toBe(expected);
  });
});
