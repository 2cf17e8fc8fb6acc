import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const GUIDE = readFileSync(new URL('../../docs/guides/conditions.md', import.meta.url), 'utf8');
const SECTION = GUIDE.slice(GUIDE.indexOf('## Filters by')).split('\n## ')[0] ?? '';

function exampleOf(kind: string) {
  const text = new RegExp(`^\`\`\`json ${kind}\\n([\\s\\S]*?)\\n\`\`\`$`, 'm').exec(SECTION)?.[1];
  return JSON.parse(text ?? '');
}

async function start() {
  const { api } = await startTestWaybill('postgres');
  const preset = exampleOf('preset');
  const imported = await api.post(`/v1/catalogs/${preset.name}/import`, preset);
  expect(imported.status, imported.text).toBe(200);
  // As it is in the guide, but for where it leads: names that end in .example are nobody's.
  const draft = { ...exampleOf('webhook'), url: 'http://127.0.0.1:9999/', status: 'paused' };
  return { api, preset, draft };
}

describe('the guide to filters', () => {
  it('tells which events its webhook gets', async () => {
    const { api, draft } = await start();
    const made = await api.post(`${ACCOUNT}/webhooks`, draft);
    expect(made.status, made.text).toBe(201);
    expect(made.body.filters).toEqual(exampleOf('webhook').filters);
    const rows = [...SECTION.matchAll(/^\| `(\{.*\})` \| (gets|doesn't get) the event \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, data = '', said] of rows) {
      const event = { type: 'order.changed', data: JSON.parse(data) };
      const { deliveries } = (await api.post(`${ACCOUNT}/events`, event)).body;
      const { fires } = (await api.post(`${ACCOUNT}/webhooks/${made.body.id}/explain`, { event })).body;
      expect([data, deliveries, fires]).toEqual([data, said === 'gets' ? 1 : 0, said === 'gets']);
    }
  });

  it('shows what is refused as it is', async () => {
    const { api, draft } = await start();
    const filters = { orderStatus: ['Shipped', 'Lost'] };
    const { status, body } = await api.post(`${ACCOUNT}/webhooks`, { ...draft, filters });
    expect([status, body.errors]).toEqual([400, [exampleOf('refused')]]);
  });

  it('names every filter of the preset it speaks of', async () => {
    const { api } = await start();
    const { filters } = (await api.get('/v1/catalogs/shopctrl')).body;
    const sentence = SECTION.slice(SECTION.indexOf('The preset `shopctrl`')).split('They look')[0] ?? '';
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(named).toEqual(['shopctrl', ...filters.map(({ name }: { name: string }) => name)]);
  });
});
