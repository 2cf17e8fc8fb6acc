import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { payloadFilters } from './filters.ts';
import { compilePayload, MIME_TYPES, type MimeType, renderPayload } from './payload.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/payload-templates.md', import.meta.url), 'utf8');

interface Example {
  readonly mimeType: MimeType;
  readonly template: string;
  readonly data: string;
  readonly isError: boolean;
  readonly expected: string;
}

/** Each template of the guide with the data before it and the result behind it. */
function readExamples(): Example[] {
  const examples: Example[] = [];
  let data = '';
  let open: { mimeType: MimeType; template: string } | undefined;
  for (const [, language, kind, text = ''] of GUIDE.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)\n```$/gm)) {
    const mimeType = MIME_TYPES.find((one) => one === kind);
    if (kind === 'data') data = text;
    else if (language === 'liquid' && mimeType) open = { mimeType, template: text };
    else if (open && (kind === 'result' || kind === 'error')) {
      examples.push({ ...open, data, isError: kind === 'error', expected: text });
      open = undefined;
    }
  }
  return examples;
}

/** The body, or the error as the guide writes it. */
function outcome({ mimeType, template, data }: Example): string {
  const compiled = compilePayload({ mimeType, template });
  const rendered =
    'errors' in compiled
      ? { error: compiled.errors[0] }
      : renderPayload(compiled, { data, event: { id: 'evt_1', type: 'order.created' } });
  if ('body' in rendered) return rendered.body;
  const { error } = rendered;
  return `${error?.code}, line ${error?.line}, column ${error?.column}: ${error?.message}`;
}

describe('the guide to payload templates', () => {
  const examples = readExamples();

  it('has a result for each of its templates', () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(examples).toHaveLength(GUIDE.match(/^```liquid/gm)?.length ?? 0);
    expect(examples.filter(({ isError }) => isError)).toHaveLength(3);
  });

  it.each(examples)('tells what comes out of $template', (example) => {
    expect(outcome(example)).toBe(example.expected);
  });

  it('names every filter there is', () => {
    const rows = GUIDE.split('\n').filter((line) => /^\| (texts|numbers|lists|others) \| `/.test(line));
    const named = rows.slice(0, 4).flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect([...new Set(named)].sort()).toEqual(Object.keys(payloadFilters).sort());
  });
});
