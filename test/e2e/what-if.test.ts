import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verify } from '../../src/verify.ts';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const SECRET = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const NOW = Date.parse('2026-03-13T14:30:00Z');
const RULE = { field: 'order.total', operator: 'greaterThan', value: 100 };

async function start(kind: DatabaseKind = 'postgres') {
  const clock = createTestClock(NOW);
  const { api } = await startTestWaybill(kind, { clock });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const draft = { url: receiver.url, events: ['*'] };
  const create = async (settings: object = {}): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...settings });
    expect(made.status, made.text).toBe(201);
    return `${ACCOUNT}/webhooks/${made.body.id}`;
  };
  const publish = async (event: object) => {
    const answer = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1, ...event });
    expect(answer.status, answer.text).toBe(202);
    return answer.body;
  };
  /** @param path of a webhook, or of the account for a draft */
  const ask = async (path: string, what: 'explain' | 'preview', question: object = {}) => {
    const answer = await api.post(`${path}/${what}`, question);
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  return { api, clock, receiver, draft, create, publish, ask };
}

const event = (data: unknown, more: object = {}) => ({ event: { type: 'order.created', data, ...more } });

/** The rules that don't hold. */
const against = ({ rules }: { rules: { rule: string; holds: boolean }[] }): string[] =>
  rules.filter(({ holds }) => !holds).map(({ rule }) => rule);

describe.each(E2E_DATABASE_KINDS)('explain on %s', (kind) => {
  it('names the delivery a published event has led to, of that webhook alone', async () => {
    const { api, create, publish, ask } = await start(kind);
    const wanting = await create({ status: 'paused' });
    const other = await create({ events: ['route.*'] });
    const published = await publish({ data: { a: 1 } });
    const [delivery] = (await api.get(`${ACCOUNT}/deliveries`)).body.data;
    const question = { eventId: published.id };
    expect(await ask(wanting, 'explain', question)).toMatchObject({ fires: true, deliveryId: delivery.id });
    expect(await ask(other, 'explain', question)).toMatchObject({ fires: false, deliveryId: null });
    // It was published before this one was made: it would get it, and has not.
    const late = await create();
    expect(await ask(late, 'explain', question)).toMatchObject({ fires: true, deliveryId: null });
    expect(await ask(wanting, 'explain', event({ a: 1 }))).toMatchObject({ deliveryId: null });
  });
});

describe('explain', () => {
  it('goes through status, events, channels and condition, each with a sentence', async () => {
    const { create, ask } = await start();
    const webhook = await create({
      events: ['order.*', 'invoice.paid'],
      channels: ['shop-1', 'shop-2'],
      condition: { all: [RULE] },
    });
    const question = event({ order: { total: 250 } }, { channel: 'shop-2' });
    expect(await ask(webhook, 'explain', question)).toMatchObject({
      fires: true,
      rules: [
        { rule: 'status', holds: true, sentence: 'The webhook is active.' },
        {
          rule: 'events',
          holds: true,
          sentence:
            'It wants events of the types order.* and invoice.paid, and order.created is among these.',
        },
        {
          rule: 'channels',
          holds: true,
          sentence: 'It is for the channels shop-1 and shop-2 only, and the event is from shop-2.',
        },
        {
          rule: 'condition',
          holds: true,
          sentence: 'The rules hold, so the condition lets the event through.',
        },
      ],
      condition: { fires: true, error: null, rules: { path: 'condition', holds: true } },
    });
    const wrong = { type: 'order', data: { order: { total: 50 } }, channel: 'shop-3' };
    expect((await ask(webhook, 'explain', { event: wrong })).rules).toMatchObject([
      { rule: 'status', holds: true, sentence: 'The webhook is active.' },
      {
        rule: 'events',
        holds: false,
        sentence: 'It wants events of the types order.* and invoice.paid, and order is not among these.',
      },
      {
        rule: 'channels',
        holds: false,
        sentence: 'It is for the channels shop-1 and shop-2 only, and the event is from another, shop-3.',
      },
      {
        rule: 'condition',
        holds: false,
        sentence: "The rules don't hold, so the condition keeps the event back.",
      },
    ]);
  });

  it('names no rule there is none of', async () => {
    const { create, ask } = await start();
    const explained = await ask(await create(), 'explain', event(1));
    expect(explained.rules.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      'The webhook is active.',
      'It wants events of all types.',
      'It is for all channels.',
    ]);
    expect(explained.condition).toBeNull();
  });

  it.each([
    ['active', true],
    ['paused', true],
    ['disabled', false],
  ])('a webhook that is %s gets events: %s', async (status, fires) => {
    const { create, ask } = await start();
    const explained = await ask(await create({ status }), 'explain', event(1));
    expect(explained).toMatchObject({ fires, rules: [{ rule: 'status', holds: fires }, {}, {}] });
    expect(explained.rules[0].sentence).toContain(`The webhook is ${status}`);
  });

  it('an event without a channel is for none that has channels', async () => {
    const { create, ask } = await start();
    const explained = await ask(await create({ channels: ['shop-1'] }), 'explain', event(1));
    expect([explained.fires, against(explained)]).toEqual([false, ['channels']]);
    expect(explained.rules[2].sentence).toBe(
      'It is for the channel shop-1 only, and the event names no channel.',
    );
  });

  it('tells of each rule of a condition what it found', async () => {
    const { create, ask } = await start();
    const due = { field: 'order.due', operator: 'before', date: { base: 'today', plus: 2 } };
    const webhook = await create({ condition: { any: [RULE, due] } });
    const { condition } = await ask(
      webhook,
      'explain',
      event({ order: { total: '99.50', due: '2026-03-14' } }),
    );
    expect(condition.rules.any).toMatchObject([
      { path: 'condition.any[0]', holds: false, found: { kind: 'text', text: '"99.50"' }, operand: '100' },
      { path: 'condition.any[1]', holds: true, operand: 'today + 2 days (2026-03-15)' },
    ]);
  });

  it.each(['continue', 'stop'])('says why a condition that %s can not be told', async (mode) => {
    const { create, ask } = await start();
    const explained = await ask(
      await create({ condition: { mode, all: [RULE] } }),
      'explain',
      event({ invoice: 1 }),
    );
    expect([explained.fires, against(explained)]).toEqual([false, ['condition']]);
    expect(explained.condition).toMatchObject({
      fires: false,
      error: { path: 'condition.all[0]', field: 'order.total', operator: 'greaterThan' },
      rules: { holds: 'error' },
    });
    expect(explained.rules[3].sentence).toContain('because order is not there or is no object');
  });

  it('asks the condition at this moment', async () => {
    const { clock, create, ask } = await start();
    const condition = { all: [{ field: 'due', operator: 'equals', date: { base: 'today' } }] };
    const webhook = await create({ condition });
    expect((await ask(webhook, 'explain', event({ due: '2026-03-13' }))).fires).toBe(true);
    clock.advance(86_400_000);
    expect((await ask(webhook, 'explain', event({ due: '2026-03-13' }))).fires).toBe(false);
  });

  it('of nothing asks about the sample of the first type the webhook wants', async () => {
    const { create, ask } = await start();
    const condition = { all: [{ field: 'OrderCode', operator: 'equals', value: 'ORD-4711' }] };
    const webhook = await create({ profile: 'shopctrl', events: ['order.changed', 'ticket.*'], condition });
    expect(await ask(webhook, 'explain')).toMatchObject({
      fires: true,
      rules: [
        {},
        {
          sentence:
            'It wants events of the types order.changed and ticket.*, and order.changed is among these.',
        },
        {},
        {},
      ],
    });
    const other = await ask(webhook, 'explain', { eventType: 'product.created' });
    expect(against(other)).toEqual(['events', 'condition']);
  });

  it('of unsaved changes says what they would do, and saves nothing', async () => {
    const { api, create, ask } = await start();
    const webhook = await create({ events: ['route.*'], condition: { all: [RULE] }, status: 'disabled' });
    const before = (await api.get(webhook)).text;
    const question = event({ order: { total: 50 } });
    expect(against(await ask(webhook, 'explain', question))).toEqual(['status', 'events', 'condition']);
    const changes = { events: ['order.*'], condition: null, status: 'active' };
    const changed = await ask(webhook, 'explain', { ...question, webhook: changes });
    expect(changed).toMatchObject({ fires: true, condition: null });
    const some = await ask(webhook, 'explain', { ...question, webhook: { channels: ['shop-9'] } });
    expect(against(some)).toEqual(['status', 'events', 'channels', 'condition']);
    expect((await api.get(webhook)).text).toBe(before);
  });

  it('of a draft says what it would do, in an account that need not be there yet', async () => {
    const { api, draft, publish, ask } = await start();
    const published = await publish({ data: { order: { total: 250 } } });
    const webhook = { ...draft, events: ['order.*'], condition: { all: [RULE] } };
    const explained = await ask(ACCOUNT, 'explain', { webhook, eventId: published.id });
    expect(explained).toMatchObject({ fires: true, deliveryId: null, condition: { fires: true } });
    const fresh = await ask('/v1/accounts/fresh', 'explain', { webhook, ...event({ order: { total: 1 } }) });
    expect(against(fresh)).toEqual(['condition']);
    expect((await api.get('/v1/accounts/fresh')).status).toBe(404);
    expect((await api.get(`${ACCOUNT}/webhooks`)).body.data).toEqual([]);
  });

  it('never disagrees with what publishing does', async () => {
    const { api, create, publish, ask } = await start();
    const webhooks = [
      await create({ status: 'paused' }),
      await create({ status: 'paused', events: ['order.*'], channels: ['shop-1'] }),
      await create({ status: 'paused', condition: { all: [RULE] } }),
      await create({ status: 'paused', condition: { mode: 'stop', any: [RULE] } }),
      await create({ status: 'disabled' }),
    ];
    const events = ['order.created', 'order', 'route.started'].flatMap((type) =>
      [null, 'shop-1', 'shop-2'].flatMap((channel) =>
        [{ order: { total: 250 } }, { order: { total: 'few' } }, { order: null }, 'text'].map((data) => ({
          type,
          channel,
          data,
        })),
      ),
    );
    for (const one of events) {
      const expected: string[] = [];
      for (const path of webhooks) {
        if ((await ask(path, 'explain', { event: one })).fires)
          expected.push(path.split('/').at(-1) as string);
      }
      const { id, deliveries } = await publish(one);
      const made = (await api.get(`${ACCOUNT}/deliveries?eventId=${id}`)).body.data;
      const got = made.map(({ webhookId }: { webhookId: string }) => webhookId);
      expect([deliveries, got.sort()], JSON.stringify(one)).toEqual([expected.length, expected.sort()]);
    }
  });
});

/** What a preview promised, of the request that came. */
function promisedOf(
  request: { headers: Record<string, unknown>; body: string },
  promised: { headers: object },
) {
  const names = Object.keys(promised.headers).map((name) => name.toLowerCase());
  return {
    body: request.body,
    headers: Object.fromEntries(names.map((name) => [name, request.headers[name]])),
  };
}

const lowerCased = ({ headers, body }: { headers: Record<string, string>; body: string }) => ({
  body,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
});

const SETTINGS: [what: string, settings: object][] = [
  ['the default profile', {}],
  ['headers of its own', { headers: { 'X-Shop': 'one', 'x-other': '2' } }],
  ['a private key', { profile: 'standard-webhooks-v1a' }],
  ['a profile that counts attempts', { profile: 'velourcity' }],
  ['a profile that makes a payload', { profile: 'shopctrl' }],
  ['a profile with payload versions', { profile: 'scurri', payloadVersion: '2025.1' }],
  ['a profile that signs the time', { profile: 'stripe' }],
  ['a profile with the data alone', { profile: 'github' }],
  [
    'a template',
    { payload: { mimeType: 'application/xml', template: '<o id="{{ event.id }}">{{ Order.Name }}</o>' } },
  ],
  [
    'a template of text',
    { profile: 'scrollengine', payload: { mimeType: 'text/plain', template: '$$Name$$ \u{1f69a}' } },
  ],
];

describe.each(E2E_DATABASE_KINDS)('preview on %s', (kind) => {
  it('is what is sent afterwards, byte for byte, whatever the profile and the template', async () => {
    const { api, create, publish, ask, receiver } = await start(kind);
    for (const [what, settings] of SETTINGS) {
      const webhook = await create({ status: 'paused', ...settings });
      await api.post(`${webhook}/secret/rotate`);
      const data = { Order: { Name: 'Käse & "Söhne"' }, OrderId: 7, Name: 'Mug' };
      const { id } = await publish({ type: 'order.changed', data, subject: 'order/7', channel: 'shop-1' });
      const promised = await ask(webhook, 'preview', { eventId: id });
      const count = receiver.requests.length;
      await api.post(`${webhook}/resume`);
      const request = (await receiver.waitFor(count + 1))[count];
      if (!request) throw new Error('nothing came');
      expect(promised).toMatchObject({ method: 'POST', url: receiver.url });
      expect(promisedOf(request, promised), what).toEqual(lowerCased(promised));
      expect((await api.delete(webhook)).status).toBe(204);
    }
  });
});

describe('preview', () => {
  it('sends nothing, and leaves nothing behind', async () => {
    const { api, create, ask, receiver, draft } = await start();
    const webhook = await create();
    const lists = ['events', 'deliveries', 'webhooks', 'channels'];
    const seen = async () =>
      Promise.all(lists.map(async (list) => (await api.get(`${ACCOUNT}/${list}`)).text));
    const before = await seen();
    await ask(webhook, 'preview', event({ a: 1 }, { channel: 'unheard-of' }));
    await ask(webhook, 'preview', { eventType: 'order.created' });
    await ask(ACCOUNT, 'preview', { webhook: draft });
    expect(await seen()).toEqual(before);
    expect(receiver.requests).toEqual([]);
  });

  it('of an event that is made up is signed so that it verifies', async () => {
    const { create, ask } = await start();
    const made = await create({ secret: SECRET });
    const question = event({ a: 1.5 }, { occurredAt: '2026-03-01T00:00:00Z' });
    const { headers, body } = await ask(made, 'preview', question);
    expect(JSON.parse(body)).toEqual({
      type: 'order.created',
      timestamp: '2026-03-01T00:00:00Z',
      data: { a: 1.5 },
    });
    const verified = await verify(body, headers, SECRET, { now: () => NOW });
    expect(verified).toMatchObject({ id: expect.stringMatching(/^evt_/), timestampSeconds: NOW / 1000 });
  });

  it('of no event shows the sample of its type', async () => {
    const { create, ask } = await start();
    const webhook = await create({ profile: 'shopctrl', events: ['ticket.*'] });
    const shown = async (question: object) => JSON.parse((await ask(webhook, 'preview', question)).body);
    expect(await shown({ eventType: 'order.changed' })).toEqual({
      event: 'order.changed',
      entityData: { OrderId: 4711, OrderCode: 'ORD-4711' },
    });
    expect((await shown({})).event).toMatch(/^ticket\./);
  });

  it('of unsaved changes shows what they would send, and saves nothing', async () => {
    const { api, create, ask } = await start();
    const webhook = await create({ secret: SECRET });
    const before = (await api.get(webhook)).text;
    const changes = {
      url: 'http://127.0.0.1:9999/changed',
      headers: { 'X-Shop': 'two' },
      payload: { mimeType: 'text/plain', template: 'Hello $$Name$$' },
    };
    const shown = await ask(webhook, 'preview', { ...event({ name: 'Ada' }), webhook: changes });
    expect(shown).toMatchObject({ url: changes.url, body: 'Hello Ada', headers: { 'X-Shop': 'two' } });
    expect(shown.headers['content-type']).toBe('text/plain; charset=utf-8');
    await verify(shown.body, shown.headers, SECRET, { now: () => NOW });
    expect((await api.get(webhook)).text).toBe(before);
  });

  it('of a draft is signed with the secret that is given, else with one of the right kind', async () => {
    const { draft, ask } = await start();
    const standard = await ask(ACCOUNT, 'preview', { webhook: { ...draft, secret: SECRET }, ...event(1) });
    await verify(standard.body, standard.headers, SECRET, { now: () => NOW });
    const text = { profile: 'scrollengine', secret: 'a-shared-secret' };
    const hex = await ask(ACCOUNT, 'preview', { webhook: { ...draft, ...text }, ...event(1) });
    expect(hex.headers['X-Scrollengine-Signature']).toBe(
      createHmac('sha256', text.secret).update(hex.body).digest('hex'),
    );
    for (const profile of ['standard-webhooks', 'standard-webhooks-v1a', 'stripe', 'shopctrl']) {
      const shown = await ask(ACCOUNT, 'preview', { webhook: { ...draft, profile }, ...event(1) });
      expect(Object.keys(shown)).toEqual(['method', 'url', 'headers', 'body']);
    }
  });

  it('tells why a template sends nothing, as the attempt would', async () => {
    const { api, create, publish, ask } = await start();
    const template = '{"total": 1\n{% if total %}"rows": []{% endif %}}';
    const webhook = await create({
      payload: { mimeType: 'application/json', template },
      retry: { schedule: [] },
    });
    const { id } = await publish({ data: { total: 7 } });
    const shown = await ask(webhook, 'preview', { eventId: id });
    expect(shown).toEqual({
      failure: {
        code: 'invalid_json',
        reason: expect.stringContaining('because of line 2 of the template'),
        params: { why: 'unexpected', wanted: 'after', found: '"', line: 2 },
      },
    });
    await expect
      .poll(async () => (await api.get(`${ACCOUNT}/deliveries`)).body.data[0].status)
      .toBe('failed');
    const [{ lastFailureReason, lastFailureParams }] = (await api.get(`${ACCOUNT}/deliveries`)).body.data;
    expect([lastFailureReason, lastFailureParams]).toEqual([shown.failure.reason, shown.failure.params]);
  });
});

describe('what can not be asked', () => {
  it("is another account's webhook or event: they are not there", async () => {
    const { api, create, publish, draft } = await start();
    const webhook = await create();
    const { id: eventId } = await publish({});
    await api.post('/v1/accounts/other/webhooks', draft);
    const made = await api.post('/v1/accounts/other/keys', { name: 'key of other' });
    const own = api.withKey(made.body.key);
    const ofOther = webhook.replace('acme', 'other');
    for (const what of ['explain', 'preview']) {
      expect((await api.post(`${ofOther}/${what}`, {})).status).toBe(404);
      expect((await api.post(`/v1/accounts/other/${what}`, { webhook: draft, eventId })).status).toBe(404);
      expect((await own.post(`${webhook}/${what}`, { eventId })).status).toBe(404);
      expect((await own.post(`${ACCOUNT}/${what}`, { webhook: draft, eventId })).status).toBe(404);
      expect((await own.post(`/v1/accounts/other/${what}`, { webhook: draft, eventId })).status).toBe(404);
      expect((await own.post(`/v1/accounts/other/${what}`, { webhook: draft })).status).toBe(200);
    }
  });

  it('is two things at once, or what is none', async () => {
    const { api, create, publish, draft } = await start();
    const webhook = await create();
    const { id: eventId } = await publish({});
    const questions: [status: number, question: object][] = [
      [400, { eventId, ...event(1) }],
      [400, { eventId, eventType: 'order.created' }],
      [400, { eventType: 'order.*' }],
      [400, { event: { type: 'no type', data: 1 } }],
      [400, { event: { type: 'order.created' } }],
      [400, { event: 'order.created' }],
      [400, { webhook: { priority: 11 } }],
      [400, { webhook: { url: 'http://10.0.0.1/' } }],
      [400, { unknown: 1 }],
      [404, { eventId: 'evt_1' }],
      [404, { eventId: eventId.replace(/.{4}$/, '0000') }],
    ];
    for (const what of ['explain', 'preview']) {
      for (const [status, question] of questions) {
        const ofSaved = await api.post(`${webhook}/${what}`, question);
        expect.soft(ofSaved.status, JSON.stringify(question)).toBe(status);
        const changes = 'webhook' in question ? question.webhook : {};
        const ofDraft = { ...question, webhook: { ...draft, ...(changes as object) } };
        const answer = await api.post(`${ACCOUNT}/${what}`, ofDraft);
        expect.soft(answer.status, JSON.stringify(ofDraft)).toBe(status);
      }
      expect((await api.post(`${ACCOUNT}/${what}`, {})).status).toBe(400);
      expect((await api.post(`${ACCOUNT}/${what}`, { webhook: { events: ['*'] } })).status).toBe(400);
    }
  });

  it('is what can not be saved: preview and explain refuse it as saving does, and name where it stands', async () => {
    const { api, create, draft } = await start();
    const refusedIn = ({
      status,
      body,
    }: {
      status: number;
      body: { errors?: { path: string; code: string }[] };
    }) => (status === 400 ? body.errors?.map(({ path, code }) => `${path} ${code}`) : [`answered ${status}`]);
    const headers = { 'x-velourcity-signature': 'forged' };
    const refused: [changes: object, ...errors: string[]][] = [
      [{ payloadVersion: '1999' }, 'payloadVersion not_allowed'],
      [{ profile: 'nshift' }, 'url url_scheme'],
      [{ profile: 'nope' }, 'profile not_allowed'],
      [{ secret: undefined, profile: 'velourcity', headers }, 'headers.x-velourcity-signature invalid'],
      [{ url: 'http://10.0.0.1/' }, 'url address_not_allowed'],
      [{ url: 'nowhere' }, 'url url_malformed'],
      [
        { headers: { 'X-Key': '1' }, auth: { type: 'header', name: 'x-key', value: '2' } },
        'auth.name invalid',
      ],
      [
        { auth: { type: 'oauth2', tokenUrl: 'http://10.0.0.1/', clientId: 'a', clientSecret: 'b' } },
        'auth.tokenUrl address_not_allowed',
      ],
      [{ tlsCa: 'none' }, 'tlsCa ca_unreadable'],
      [{ priority: 11 }, 'priority too_large'],
    ];
    const webhook = await create({ secret: SECRET });
    for (const [changes, ...errors] of refused) {
      const where = JSON.stringify(changes);
      expect
        .soft(refusedIn(await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...changes })), where)
        .toEqual(errors);
      expect.soft(refusedIn(await api.patch(webhook, changes)), where).toEqual(errors);
      const named = errors.map((error) => `webhook.${error}`);
      for (const what of ['preview', 'explain']) {
        const ofDraft = await api.post(`${ACCOUNT}/${what}`, { webhook: { ...draft, ...changes } });
        expect.soft(refusedIn(ofDraft), `${what} of ${where}`).toEqual(named);
        const ofSaved = await api.post(`${webhook}/${what}`, { webhook: changes });
        expect.soft(refusedIn(ofSaved), `${what} with ${where}`).toEqual(named);
      }
    }
  });

  it('is a secret of the wrong kind, given or left from another profile', async () => {
    const { api, create, draft } = await start();
    const webhook = await create();
    for (const what of ['preview', 'explain']) {
      const wrong = { ...draft, secret: 'a-plain-secret' };
      const ofDraft = await api.post(`${ACCOUNT}/${what}`, { webhook: wrong });
      const left = await api.post(`${webhook}/${what}`, { webhook: { profile: 'standard-webhooks-v1a' } });
      for (const { status, body } of [ofDraft, left]) {
        expect([status, body.code]).toEqual([400, 'validation_failed']);
        expect(body.errors).toMatchObject([{ path: 'webhook.secret', code: 'invalid' }]);
      }
    }
  });

  it('is an event that can not be published: its fields are named where they stand', async () => {
    const { api, create, draft } = await start();
    const webhook = await create();
    for (const [made, path] of [
      [{ type: 'no type', data: 1 }, 'event.type'],
      [{ type: 'order.created' }, 'event.data'],
      [{ type: 'order.created', data: '\0' }, 'event.data'],
      [{ type: 'order.created', data: 1, channel: '' }, 'event.channel'],
      [{ type: 'order.created', data: 1, more: 1 }, 'event.more'],
    ] as const) {
      for (const [asked, more] of [
        [webhook, {}],
        [ACCOUNT, { webhook: draft }],
      ] as const) {
        const { status, body } = await api.post(`${asked}/preview`, { event: made, ...more });
        expect.soft([status, body.errors?.[0]?.path]).toEqual([400, path]);
      }
    }
  });
});
