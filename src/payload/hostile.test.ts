import { describe, expect, it } from 'vitest';
import type { PayloadError } from './failure.ts';
import { compilePayload, type MimeType, type Rendered, renderPayload } from './payload.ts';

const event = { id: 'evt_1', type: 'order.created' };

const row = { name: 'x'.repeat(50), tags: Array.from({ length: 100 }, (_, at) => `tag${at}`) };
const large = JSON.stringify({
  n: 1e9,
  rows: Array.from({ length: 200 }, () => row),
  s: 'a'.repeat(20_000),
  wide: Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`member${at}`, at])),
});

function render(template: string, data: string, mimeType: MimeType): Rendered | readonly PayloadError[] {
  const compiled = compilePayload({ mimeType, template });
  return 'errors' in compiled ? compiled.errors : renderPayload(compiled, { data, event });
}

const often = (text: string, count = 60): string => text.repeat(count);

describe('a hostile template', () => {
  const rows = '{% assign a = rows | concat: rows | concat: rows | concat: rows %}';
  const loops: Record<string, string> = {
    'a range of a billion': '{% for i in (1..1000000000) %}x{% endfor %}',
    'a range of a billion around nothing': '{% for i in (1..1000000000) %}{% endfor %}',
    'a range the data asks for': '{% for i in (1..n) %}x{% endfor %}',
    'a range whose numbers stand still':
      '{% for i in (100000000000000000..100000000000000020) %}x{% endfor %}',
    'loops in loops': `${often('{% for i in (1..1000) %}', 5)}x${often('{% endfor %}', 5)}`,
    'loops over the data in loops': `${often('{% for i in rows %}', 6)}x${often('{% endfor %}', 6)}`,
    'ranges in ranges': `${often('<!-- RangeStart:rows -->', 6)}x${often('<!-- RangeEnd:rows -->', 6)}`,
    'text doubled by append': `{% assign s = "ab" %}${often('{% assign s = s | append: s %}')}{{ s }}`,
    'text doubled by capture': `${often('{% capture s %}{{ s }}{{ s }}{% endcapture %}')}{{ s }}`,
    'text grown by replace': `{% assign s = "aa" %}${often('{% assign s = s | replace: "a", "aaaaaaaaaa" %}')}`,
    'a list doubled by concat': `{% assign a = "ab" | split: "" %}${often('{% assign a = a | concat: a %}')}`,
    'a list of one large value': `${rows}${often('{% assign a = a | concat: a %}', 5)}{{ a | json }}`,
    'a list of lists, joined': `${rows}{% assign a = a | concat: a | map: "tags" %}{{ a | join }}{{ a | join }}`,
    'lists of lists, compared': `${rows}{% assign b = a | map: "tags" %}{% assign a = a | map: "tags" %}
      {% for i in (1..100000) %}{% if a == b %}{% endif %}{% case a %}{% when b %}{% endcase %}{% endfor %}`,
    'a list sorted again and again': `${rows}{% for i in (1..10000) %}{% assign b = a | sort: "name" %}{% endfor %}`,
    'numbers multiplied': `{% assign x = 10 %}${often('{% assign x = x | times: x %}')}{{ x }}`,
    'a long text sought in a longer one': `{% assign p = s | append: "b" | append: s %}
      {% assign t = p | append: s %}{% if t contains p %}{% endif %}`,
    'a text sought again and again': `{% if ${often(`s contains "${often('a', 120)}b" or `, 450)}true %}{% endif %}`,
    'filters without end': `{{ s ${often('| upcase | downcase ', 3000)}}}`,
    'escapes of escapes': `{% assign p = s | replace: "a", "%" %}{{ p ${often('| url_encode ', 4000)}}}`,
    'an object measured again and again': `{% if ${often('wide.size and ', 4000)}true %}{% endif %}`,
    'fields sought among many': often('$$Wide.Nothing$$ ', 3000),
    'a body without end': '{% for i in (1..100000) %}{{ s }}{% endfor %}',
    'a date formatted at length':
      '{% for i in (1..10000000) %}{{ "2026-03-13" | date: "%A %B" }}{% endfor %}',
  };

  const parsed: Record<string, string> = {
    'tags 2,500 deep': often('{% if true %}', 2500) + often('{% endif %}', 2500),
    'ranges 1,300 deep': often('<!-- RangeStart:A -->', 1300) + often('<!-- RangeEnd:A -->', 1300),
    'tags deep in a line': `{% ${often('liquid ', 9000)}%}`,
    'brackets 20,000 deep': `{{ ${often('a[', 20_000)}${often(']', 20_000)} }}`,
    'brackets ten deep': `{{ ${often('a[', 10)}1${often(']', 10)} }}`,
    'parentheses 30,000 deep': `{% for i in ${often('(', 30_000)} %}{% endfor %}`,
    'open fields': often('$$x\n', 16_000),
    'open ranges': often('<!-- RangeStart:A', 3800),
    'open outputs': often('{{ a', 16_000),
    'a range outside of a loop': '{% assign x = (1..3) %}',
    'a range in a condition': '{% if (1..1000000000) == 3 %}{% endif %}',
    'a range in a limit': '{% for i in rows limit: (1..5) %}{% endfor %}',
    'a range in a range': '{% for i in (1..(1..5)) %}{% endfor %}',
    'a range in brackets': '{{ a[(100000000000000000..100000000000000020)] }}',
    'a range among filters': '{{ rows | concat: (100000000000000000..100000000000000020) }}',
    'a template of 64 KiB and a byte': often('x', 64 * 1024 + 1),
  };

  it.each(Object.entries({ ...loops, ...parsed }))('%s ends soon, in an error', (_name, template) => {
    const before = process.threadCpuUsage();
    const result = render(template, large, 'text/plain');
    const { user } = process.threadCpuUsage(before);
    const error = Array.isArray(result) ? result[0] : 'error' in result ? result.error : undefined;
    expect(error?.message).toEqual(expect.any(String));
    // Several times the limit: this is about templates that would take for ever.
    expect(user / 1000).toBeLessThan(1000);
  });

  it('takes no memory to speak of', () => {
    const before = process.resourceUsage().maxRSS;
    for (const template of Object.values(loops)) render(template, large, 'text/plain');
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(300 * 1024);
  });

  it.each(Object.entries(loops))('%s is stopped by the work it makes, with any clock', (_name, template) => {
    const compiled = compilePayload({ mimeType: 'text/plain', template });
    if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
    const rendered = renderPayload(compiled, { data: large, event }, { now: () => 0 });
    expect(rendered).toHaveProperty('error');
    if ('error' in rendered) {
      expect(['work_limit', 'body_too_large', 'filter_failed']).toContain(rendered.error.code);
    }
  });

  it.each([
    `{% # ${often('\n', 60_000)}x %}`,
    `<!--${often(' ', 60_000)}`,
    `{{ "x" | squish }}${often(' ', 60_000)}x`,
    `{% assign b = s | replace: "a", "<" %}{{ b | strip_html | size }}`,
    `{{ s | truncatewords: 3 | size }}{{ s | strip | size }}{{ s | split: "" | uniq | size }}`,
    `{{ rows | where: "x[(100000000000000000..100000000000000020)]" | size }}`,
  ])('what looks like one is rendered in time: %#', (template) => {
    const before = process.threadCpuUsage();
    expect(render(template, large, 'text/plain')).toHaveProperty('body');
    expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(1000);
  });

  it('is stopped by the clock as well', () => {
    const compiled = compilePayload({
      mimeType: 'text/plain',
      template: '{% for i in (1..10000) %}x{% endfor %}',
    });
    if ('errors' in compiled) throw new Error(compiled.errors[0]?.message);
    const source = { data: '{}', event };
    const clock = (stepMs: number): (() => number) => {
      let now = 0;
      return () => {
        now += stepMs;
        return now;
      };
    };
    expect(renderPayload(compiled, source, { now: clock(1) })).toMatchObject({
      error: { code: 'time_limit', line: 1, column: 26 },
    });
    expect(renderPayload(compiled, source, { now: clock(0.001) })).toHaveProperty('body');
    expect(
      renderPayload(compiled, source, { now: clock(0.001), limits: { renderTimeMs: 0.1 } }),
    ).toMatchObject({
      error: { code: 'time_limit' },
    });
  });
});
