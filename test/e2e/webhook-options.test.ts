import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;
/** Nothing listens there. */
const WEBHOOK = { url: 'http://127.0.0.1:9999/', events: ['*'] };
const RULE = { field: 'order.total', operator: 'greaterThan', value: 100 };

const DEFAULTS = {
  condition: null,
  payload: null,
  unique: false,
  priority: 5,
  ordering: 'none',
  rateLimit: null,
  batch: null,
};
const OPTIONS = {
  condition: { mode: 'stop', any: [RULE, { all: [{ field: 'order.test', operator: 'isTrue' }] }] },
  payload: { mimeType: 'application/json', template: '{"order": {{ Order.Code }}}' },
  unique: true,
  priority: 0,
  ordering: 'subject',
  rateLimit: { perSecond: 0.25, inFlight: 3 },
  batch: { maxItems: 50, maxWaitMs: 1_000, by: 'carrier.slug' },
};

function optionsOf(webhook: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, webhook[name]]));
}

async function create(api: ApiClient, settings: object = {}): Promise<string> {
  const made = await api.post(WEBHOOKS, { ...WEBHOOK, ...settings });
  expect(made.status, made.text).toBe(201);
  return `${WEBHOOKS}/${made.body.id}`;
}

const shown = async (api: ApiClient, path: string) => optionsOf((await api.get(path)).body);

/** The fields that are refused. */
function refusedIn({ status, body }: ApiAnswer): string[] {
  if (status !== 400) return [`answered ${status}`];
  return body.errors.map(({ path }: { path: string }) => path);
}

describe.each(E2E_DATABASE_KINDS)('the options of a webhook on %s', (kind) => {
  it('are taken as they are given, and shown wherever the webhook is', async () => {
    const { api } = await startTestWaybill(kind);
    const made = await api.post(WEBHOOKS, { ...WEBHOOK, ...OPTIONS });
    expect([made.status, optionsOf(made.body)]).toEqual([201, OPTIONS]);
    const path = `${WEBHOOKS}/${made.body.id}`;
    expect(await shown(api, path)).toEqual(OPTIONS);
    const [listed] = (await api.get(WEBHOOKS)).body.data;
    expect(optionsOf(listed)).toEqual(OPTIONS);

    // Each is changed alone, and unset alone; the others stay.
    const plain = await create(api);
    expect(await shown(api, plain)).toEqual(DEFAULTS);
    for (const [name, value] of Object.entries(OPTIONS)) {
      const before = DEFAULTS[name as keyof typeof DEFAULTS];
      const changed = await api.patch(plain, { [name]: value });
      expect([changed.status, optionsOf(changed.body)]).toEqual([200, { ...DEFAULTS, [name]: value }]);
      expect(await shown(api, plain)).toEqual({ ...DEFAULTS, [name]: value });
      const unset = await api.patch(plain, { [name]: before });
      expect([unset.status, optionsOf(unset.body)]).toEqual([200, DEFAULTS]);
      expect(optionsOf((await api.patch(path, { [name]: before })).body)[name]).toEqual(before);
    }
    expect(await shown(api, path)).toEqual(DEFAULTS);
  });
});

describe('an option of a webhook', () => {
  it('that is not named in a change stays', async () => {
    const { api } = await startTestWaybill('postgres');
    const path = await create(api, OPTIONS);
    for (const change of [{ name: 'other' }, { status: 'paused' }, { retry: null }, {}]) {
      expect(optionsOf((await api.patch(path, change)).body)).toEqual(OPTIONS);
    }
    for (const action of ['pause', 'resume']) await api.post(`${path}/${action}`);
    expect(await shown(api, path)).toEqual(OPTIONS);
  });

  it('can be given back as it was shown', async () => {
    const { api } = await startTestWaybill('postgres');
    const first = await create(api, { ...OPTIONS, condition: { all: [RULE] } });
    const again = await create(api, await shown(api, first));
    expect(await shown(api, again)).toEqual(await shown(api, first));
    expect((await shown(api, again)).condition).toEqual({ mode: 'continue', all: [RULE] });
    const empty = await create(api, await shown(api, await create(api)));
    expect(await shown(api, empty)).toEqual(DEFAULTS);
  });

  it('that is a limit replaces both limits: what is left out of it is not limited', async () => {
    const { api } = await startTestWaybill('postgres');
    const path = await create(api, { rateLimit: { perSecond: 10, inFlight: 2 } });
    for (const rateLimit of [{ inFlight: 1_000 }, { perSecond: 10_000 }, { perSecond: 0.001 }, null]) {
      expect(optionsOf((await api.patch(path, { rateLimit })).body).rateLimit).toEqual(rateLimit);
    }
  });

  it.each(['', ' ', '\n\t '])('that is a template of %j is the default payload', async (template) => {
    const { api } = await startTestWaybill('postgres');
    const path = await create(api, { payload: { mimeType: 'application/xml', template } });
    expect((await shown(api, path)).payload).toBeNull();
    await api.patch(path, { payload: OPTIONS.payload });
    const changed = await api.patch(path, { payload: { mimeType: 'text/plain', template } });
    expect([changed.status, changed.body.payload]).toEqual([200, null]);
  });

  it('that is text is kept character by character', async () => {
    const { api } = await startTestWaybill('postgres');
    const template = '\ufeff{% comment %}\r\n\t"é\u2028\\u0000 \\" \u{1f69a}"{% endcomment %}{{ event.id }} ';
    const condition = {
      mode: 'continue',
      all: [
        { field: 'a b.__proto__', operator: 'equals', value: '"\\\u2029é\u{1f69a}', caseSensitive: true },
      ],
    };
    const path = await create(api, { condition, payload: { mimeType: 'text/plain', template } });
    expect(await shown(api, path)).toMatchObject({
      condition,
      payload: { mimeType: 'text/plain', template },
    });
  });

  it('may be at its bounds', async () => {
    const { api } = await startTestWaybill('postgres');
    for (const settings of [
      { priority: 0 },
      { priority: 9 },
      { rateLimit: { inFlight: 1 } },
      { rateLimit: { inFlight: 1_000, perSecond: 10_000 } },
      { rateLimit: { perSecond: 1 / 86_400 } },
      { batch: { maxItems: 1, maxWaitMs: 0 } },
      { batch: { maxItems: 1_000, maxWaitMs: 86_400_000, by: 'x'.repeat(256) } },
      { condition: nested(10) },
      { condition: { all: Array.from({ length: 200 }, () => RULE) } },
      { payload: { mimeType: 'text/plain', template: 'x'.repeat(64 * 1024) } },
    ]) {
      const made = await api.post(WEBHOOKS, { ...WEBHOOK, ...settings });
      expect(made.status, JSON.stringify(settings).slice(0, 100)).toBe(201);
    }
  });
});

/** A rule in so many groups. */
function nested(groups: number): object {
  let condition: object = { all: [RULE] };
  for (let depth = 1; depth < groups; depth += 1) condition = { any: [condition] };
  return condition;
}

const inAll = (rule: object) => ({ condition: { all: [RULE, rule] } });
const json = (template: unknown) => ({ payload: { mimeType: 'application/json', template } });

const xml = (template: string) => ({ payload: { mimeType: 'application/xml', template } });

const inPath = (groups: number): string => `condition${'.any[0]'.repeat(groups)}`;

const REFUSED: [what: string, settings: object, ...paths: string[]][] = [
  ['a condition that is a list', { condition: [] }, 'condition'],
  ['a condition that is text', { condition: 'order.total > 100' }, 'condition'],
  ['a condition of nothing', { condition: {} }, 'condition'],
  ['a condition without rules', { condition: { any: [] } }, 'condition.any'],
  ['a condition of both kinds', { condition: { all: [RULE], any: [RULE] } }, 'condition.any'],
  ['an unknown mode', { condition: { mode: 'skip', all: [RULE] } }, 'condition.mode'],
  ['an unknown kind of group', { condition: { all: [RULE], none: [] } }, 'condition.none'],
  ['groups nested too deep', { condition: nested(11) }, inPath(10)],
  ['too many rules', { condition: { all: Array.from({ length: 201 }, () => RULE) } }, 'condition.all'],
  [
    'an unknown operator',
    inAll({ field: 'a', operator: 'resembles', value: 1 }),
    'condition.all[1].operator',
  ],
  ['a name every object has', inAll({ field: 'a', operator: 'toString' }), 'condition.all[1].operator'],
  ['no operator', inAll({ field: 'a', value: 1 }), 'condition.all[1].operator'],
  ['no field', inAll({ operator: 'isNull' }), 'condition.all[1].field'],
  ['an empty name in a path', inAll({ field: 'a..b', operator: 'isNull' }), 'condition.all[1].field'],
  ['no operand', inAll({ field: 'a', operator: 'equals' }), 'condition.all[1].value'],
  ['no bounds', inAll({ field: 'a', operator: 'between' }), 'condition.all[1].value'],
  ['no list', inAll({ field: 'a', operator: 'inList' }), 'condition.all[1].value'],
  ['an operand too many', inAll({ field: 'a', operator: 'isNull', value: 1 }), 'condition.all[1].value'],
  ['an operand that is no number', inAll({ ...RULE, value: 'ten' }), 'condition.all[1].value'],
  ['two operands', inAll({ ...RULE, property: 'b' }), 'condition.all[1].property'],
  ['an operand with a NUL', inAll({ ...RULE, operator: 'equals', value: '\0' }), 'condition.all[1].value'],
  [
    'two wrong rules, one of them in groups',
    { condition: { any: [{ all: [RULE, { any: [{ field: 'a', operator: 'is' }] }] }, { field: 'b' }] } },
    'condition.any[0].all[1].any[0].operator',
    'condition.any[1].operator',
  ],

  ['a priority beyond the highest', { priority: 11 }, 'priority'],
  ['the first one beyond it', { priority: 10 }, 'priority'],
  ['a priority below zero', { priority: -1 }, 'priority'],
  ['a priority in between', { priority: 4.5 }, 'priority'],
  ['a priority in words', { priority: 'high' }, 'priority'],
  ['no priority at all', { priority: null }, 'priority'],

  ['a limit of nothing', { rateLimit: {} }, 'rateLimit'],
  ['a limit that is a number', { rateLimit: 5 }, 'rateLimit'],
  ['a rate nobody lives to see', { rateLimit: { perSecond: 1e-300 } }, 'rateLimit.perSecond'],
  ['a rate below one a day', { rateLimit: { perSecond: 0.0000115 } }, 'rateLimit.perSecond'],
  ['a rate of zero', { rateLimit: { perSecond: 0 } }, 'rateLimit.perSecond'],
  ['a rate that is too high', { rateLimit: { perSecond: 10_001 } }, 'rateLimit.perSecond'],
  ['no request at once', { rateLimit: { inFlight: 0 } }, 'rateLimit.inFlight'],
  ['half a request at once', { rateLimit: { inFlight: 0.5 } }, 'rateLimit.inFlight'],
  ['too many requests at once', { rateLimit: { inFlight: 1_001 } }, 'rateLimit.inFlight'],
  ['an unknown limit', { rateLimit: { perSecond: 1, perMinute: 1 } }, 'rateLimit.perMinute'],

  ['an unknown order', { ordering: 'channel' }, 'ordering'],
  ['no order at all', { ordering: null }, 'ordering'],
  ['a word for yes', { unique: 'yes' }, 'unique'],

  ['a merge field that is open', json('{"code": "$$Order.Code"}'), 'payload.template'],
  ['a merge field without a name', json('{"code": "$$Order..Code$$"}'), 'payload.template'],
  ['an unknown tag', json('{% include "order" %}'), 'payload.template'],
  ['an unknown filter', json('{{ Order.Code | shout }}'), 'payload.template'],
  ['a tag that is open', json('{% if Order %}{}'), 'payload.template'],
  ['an output that is open', json('{{ Order.Code'), 'payload.template'],
  ['a template with a NUL', json('{"a": "\0"}'), 'payload.template'],
  ['a template with half a character', json('{"a": "\ud800"}'), 'payload.template'],
  ['a name with a NUL', { name: 'a\0b' }, 'name'],
  ['a name with half a character', { name: 'a\ud800' }, 'name'],
  ['a channel with a NUL', { channels: ['web', 'a\0'] }, 'channels[1]'],
  ['a channel with half a character', { channels: ['\udc00'] }, 'channels[0]'],
  ['an event type with a NUL', { events: ['order.\0'] }, 'events[0]'],
  ['a profile with a NUL', { profile: 'a\0' }, 'profile'],
  ['a payload version with a NUL', { payloadVersion: '1\0' }, 'payloadVersion'],
  ['a URL with a NUL', { url: 'http://127.0.0.1:9999/\0' }, 'url'],
  ['a URL with half a character', { url: 'http://127.0.0.1:9999/\ud800' }, 'url'],
  ['a header with a NUL', { headers: { 'X-A': 'a\0' } }, 'headers.X-A'],
  ['a header with half a character', { headers: { 'X-A': 'a\ud800' } }, 'headers.X-A'],
  ['a header named with a NUL', { headers: { 'X-\0': 'a' } }, 'headers.X-\0'],
  ['a field with a NUL', inAll({ field: 'a\0', operator: 'isNull' }), 'condition.all[1].field'],
  [
    'a property with half a character',
    inAll({ field: 'a', operator: 'equals', property: '\ud800' }),
    'condition.all[1].property',
  ],
  [
    'a parameter with a NUL',
    inAll({ field: 'a', operator: 'hasParam', value: '\0' }),
    'condition.all[1].value',
  ],
  [
    'a list with a NUL in it',
    inAll({ field: 'a', operator: 'inList', value: ['a', '\0'] }),
    'condition.all[1].value[1]',
  ],
  ['a user name with a NUL', { auth: { type: 'basic', username: '\0', password: 'x' } }, 'auth.username'],
  ['a token with a NUL', { auth: { type: 'bearer', token: '\0' } }, 'auth.token'],
  ['authorities with a NUL', { tlsCa: '\0' }, 'tlsCa'],
  ['ranges that cross', json('[<!-- RangeStart:Row --><!-- RangeEnd:Rows -->]'), 'payload.template'],
  ['a template that is too large', json('x'.repeat(64 * 1024 + 1)), 'payload.template'],
  ['a template that is no text', json({}), 'payload.template'],
  ['a type without a template', { payload: { mimeType: 'text/plain' } }, 'payload.template'],
  ['a template without a type', { payload: { template: '{}' } }, 'payload.mimeType'],
  ['a type nobody renders', { payload: { mimeType: 'text/html', template: '' } }, 'payload.mimeType'],
  [
    'a type with a charset',
    { payload: { mimeType: 'text/plain;charset=utf-8', template: '' } },
    'payload.mimeType',
  ],
  ['an unknown engine', { payload: { ...OPTIONS.payload, engine: 'jinja' } }, 'payload.engine'],
  ['a document type', xml('<!DOCTYPE a><a/>'), 'payload.template'],

  ['a batch of nothing', { batch: { maxItems: 0, maxWaitMs: 1 } }, 'batch.maxItems'],
  ['a batch that is too large', { batch: { maxItems: 1_001, maxWaitMs: 1 } }, 'batch.maxItems'],
  ['a batch of one and a half', { batch: { maxItems: 1.5, maxWaitMs: 1 } }, 'batch.maxItems'],
  ['a batch that goes back in time', { batch: { maxItems: 1, maxWaitMs: -1 } }, 'batch.maxWaitMs'],
  ['a batch of more than a day', { batch: { maxItems: 1, maxWaitMs: 86_400_001 } }, 'batch.maxWaitMs'],
  ['a batch without an end', { batch: { maxItems: 1 } }, 'batch.maxWaitMs'],
  ['a batch of any size', { batch: { maxWaitMs: 1 } }, 'batch.maxItems'],
  ['a batch that is a number', { batch: 10 }, 'batch'],
  ['a batch by an empty name', { batch: { maxItems: 1, maxWaitMs: 1, by: 'a..b' } }, 'batch.by'],
  ['a batch by no path', { batch: { maxItems: 1, maxWaitMs: 1, by: '' } }, 'batch.by'],
  ['a batch by too long a path', { batch: { maxItems: 1, maxWaitMs: 1, by: 'x'.repeat(257) } }, 'batch.by'],
  ['a batch by a NUL', { batch: { maxItems: 1, maxWaitMs: 1, by: 'a\0' } }, 'batch.by'],
  ['a batch of an unknown kind', { batch: { maxItems: 1, maxWaitMs: 1, sort: 'id' } }, 'batch.sort'],
  ['a batch of XML', { batch: { maxItems: 1, maxWaitMs: 1 }, ...xml('<a/>') }, 'batch'],

  ['several at once', { priority: 10, ordering: 'x', unique: 1 }, 'unique', 'priority', 'ordering'],
];

describe('what is refused', () => {
  it('is refused with its path, when a webhook is made and when it is changed, and changes nothing', async () => {
    const { api } = await startTestWaybill('postgres');
    const path = await create(api, OPTIONS);
    for (const [what, settings, ...errors] of REFUSED) {
      const made = await api.post(WEBHOOKS, { ...WEBHOOK, ...settings });
      expect.soft(refusedIn(made), `${what}, made`).toEqual(errors);
      expect.soft(refusedIn(await api.patch(path, settings)), `${what}, changed`).toEqual(errors);
    }
    expect(await shown(api, path)).toEqual(OPTIONS);
    expect((await api.get(WEBHOOKS)).body.data).toHaveLength(1);
  });

  it('of a condition every problem has a code that tells what it is', async () => {
    const { api } = await startTestWaybill('postgres');
    const problems: [condition: unknown, problem: string][] = [
      [inAll({ field: 'a', operator: 'resembles', value: 1 }), 'all[1].operator unknown_operator'],
      [inAll({ operator: 'isNull' }), 'all[1].field required'],
      [inAll({ field: 'a', operator: 'equals' }), 'all[1].value required'],
      [inAll({ ...RULE, value: 'ten' }), 'all[1].value wrong_value_type'],
      [inAll({ ...RULE, value: {} }), 'all[1].value wrong_type'],
      [inAll({ ...RULE, unit: 'EUR' }), 'all[1].unit unknown_field'],
      [inAll({ ...RULE, property: 'b' }), 'all[1].property not_allowed'],
      [inAll({ ...RULE, operator: 'between', value: [2, 1] }), 'all[1].value reversed_range'],
      [inAll({ field: 'a..b', operator: 'isNull' }), 'all[1].field malformed_path'],
      [inAll({ ...RULE, operator: 'equals', value: 'a\0' }), 'all[1].value malformed_text'],
      [inAll({ ...RULE, operator: 'equals', value: 'a'.repeat(2_000) }), 'all[1].value too_large'],
      [{ condition: { any: [] } }, 'any empty'],
      [{ condition: nested(11) }, `${inPath(10).slice('condition.'.length)} too_deep`],
      [{ condition: { all: Array.from({ length: 201 }, () => RULE) } }, 'all too_many_rules'],
    ];
    for (const [settings, problem] of problems) {
      const { body } = await api.post(WEBHOOKS, { ...WEBHOOK, ...(settings as object) });
      const told = body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`);
      expect.soft(told).toEqual([`condition.${problem}`]);
    }
  });

  it('of a template it is said where in it', async () => {
    const { api } = await startTestWaybill('postgres');
    const template = '{\n  "code": "$$Order.Code$$",\n  "rows": {% render "rows" %}\n}';
    const answer = await api.post(WEBHOOKS, { ...WEBHOOK, ...json(template) });
    expect(answer.body.errors).toMatchObject([
      {
        path: 'payload.template',
        code: 'tag_not_available',
        message: 'There is no tag "render" here. (line 3, column 11)',
      },
    ]);
  });

  it('of a template everything that can be found at once is told', async () => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post(WEBHOOKS, { ...WEBHOOK, ...json('$$a..b$$\n$$c\n<!-- RangeStart -->') });
    expect(
      answer.body.errors.map(({ message }: { message: string }) => /\(line (\d+)/.exec(message)?.[1]),
    ).toEqual(['1', '2', '3']);
  });
});
