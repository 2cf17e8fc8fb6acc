import { createHmac } from 'node:crypto';
import { SaxesParser } from 'saxes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verify } from '../../src/verify.ts';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
const TEXT_SECRET = 'a-shared-secret-in-plain-text';

async function start(kind: DatabaseKind = 'postgres', options: WaybillOptions = {}) {
  const { api } = await startTestWaybill(kind, options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  /** Its requests arrive at a path of its own. */
  const create = async (path: string, mimeType: string, template: string, more: object = {}) => {
    const settings = {
      url: receiver.url + path,
      events: ['*'],
      secret: SECRET,
      payload: { mimeType, template },
    };
    const made = await api.post(`${ACCOUNT}/webhooks`, { ...settings, ...more });
    expect(made.status, made.text).toBe(201);
    return `${ACCOUNT}/webhooks/${made.body.id}`;
  };
  /** @param data as JSON text, so that every byte of it is chosen here */
  const publish = async (data: string, type = 'order.created'): Promise<string> => {
    const answer = await api.post(`${ACCOUNT}/events`, `{"type": "${type}", "data": ${data}}`);
    expect(answer.status, answer.text).toBe(202);
    return answer.body.id;
  };
  const sentTo = (path: string) =>
    receiver.requests.find((request) => request.path === `/${path}`) as ReceivedRequest;
  const deliveryOf = async (eventId: string, status: string) => {
    const found = async () =>
      (await api.get(`${ACCOUNT}/deliveries?eventId=${eventId}&status=${status}`)).body.data[0];
    const { id } = await eventually(found);
    return (await api.get(`${ACCOUNT}/deliveries/${id}`)).body;
  };
  return { api, receiver, create, publish, sentTo, deliveryOf };
}

/** The texts of the elements of a document, and their attributes. Throws if it isn't well-formed. */
function readXml(document: string): Record<string, string> {
  const parser = new SaxesParser();
  const found: Record<string, string> = {};
  const open: string[] = [];
  const add = (text: string) => {
    found[open.at(-1) ?? ''] += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push(name);
    found[name] = '';
    for (const [attribute, value] of Object.entries(attributes))
      found[`${name}@${attribute}`] = String(value);
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => open.pop());
  parser.write(document).close();
  return found;
}

/** Names people might give, and what somebody might try. */
const HOSTILE = [
  'O\'Neil & "Söhne" <AG>',
  ']]></name><name>',
  '"},"admin":true,"x":{"y":"',
  'line\nbreak\r\nand\ttab',
  '\\" \\u0041 \\',
  '--> <!-- --',
  '{{ secret }} {% raw %} $$Order.Code$$ <!-- RangeStart:$$Order.Code$$ -->',
  '&lt;&#60;&amp;',
  '\u2028\u2029\u{1f69a}',
  '',
];

describe.each(E2E_DATABASE_KINDS)('bodies from templates on %s', (kind) => {
  it('arrive with the type of the template, signed as they are', async () => {
    const { create, publish, sentTo, receiver } = await start(kind);
    await create(
      'json',
      'application/json',
      '{"code": "$$Order.Code$$", "name": {{ Order.Name }}, "total": {{ Order.Total }}}',
    );
    await create(
      'xml',
      'application/xml',
      '<?xml version="1.0"?>\n<order code="{{ Order.Code }}">{{ Order.Name }}</order>',
    );
    await create(
      'text',
      'text/plain',
      '{{ event.type }}: $$Order.Code$$ for $$Order.Name$$, $$Order.Total#0.00$$',
    );
    await publish('{"Order": {"Code": "SO-7", "Name": "Käse & Söhne", "Total": 12.50}}');
    await receiver.waitFor(3);
    expect(
      Object.fromEntries(
        receiver.requests.map(({ path, headers, body }) => [path, [headers['content-type'], body]]),
      ),
    ).toEqual({
      '/json': ['application/json', '{"code": "SO-7", "name": "Käse & Söhne", "total": 12.50}'],
      '/xml': [
        'application/xml; charset=utf-8',
        '<?xml version="1.0"?>\n<order code="SO-7">Käse &amp; Söhne</order>',
      ],
      '/text': ['text/plain; charset=utf-8', 'order.created: SO-7 for Käse & Söhne, 12.50'],
    });
    for (const request of receiver.requests) {
      const verified = await verify(request.body, request.headers, SECRET);
      expect(verified.payload).toBe(request.body);
      expect(request.headers['content-length']).toBe(String(Buffer.byteLength(request.body)));
      expect(request.rawHeaders.filter((name) => name.toLowerCase() === 'content-type')).toHaveLength(1);
    }
    expect(sentTo('json').headers['webhook-id']).toBe(sentTo('xml').headers['webhook-id']);
  });
});

describe('hostile names', () => {
  it('break no JSON: what arrives is what was published', async () => {
    const { create, publish, sentTo, receiver } = await start();
    const template =
      '{"value": {{ name }}, "text": "a {{ name }} z", "field": "$$Name$$", "all": {{ waybill.data }},' +
      '"list": [{% for one in names %}{{ one }},{% endfor %}]}';
    await create('json', 'application/json', template);
    for (const [index, name] of HOSTILE.entries()) {
      const data = { name, names: HOSTILE, [name]: { [name]: name } };
      await publish(JSON.stringify(data));
      const request = (await receiver.waitFor(index + 1))[index] as ReceivedRequest;
      expect(JSON.parse(request.body), name).toEqual({
        value: name,
        text: `a ${name} z`,
        field: name,
        all: data,
        list: HOSTILE,
      });
      await verify(request.body, request.headers, SECRET);
    }
    expect(sentTo('json')).toBeDefined();
  });

  it('break no XML: not in texts, attributes, CDATA sections or comments', async () => {
    const { create, publish, receiver } = await start();
    const template =
      '<order><!-- {{ name }} --><name code="{{ name }}" other=\'$$Name$$\'>{{ name }}</name>' +
      '<note><![CDATA[{{ name }}]]></note><all>{{ waybill.data }}</all></order>';
    await create('xml', 'application/xml', template);
    for (const [index, name] of HOSTILE.entries()) {
      await publish(JSON.stringify({ name }));
      const request = (await receiver.waitFor(index + 1))[index] as ReceivedRequest;
      expect(readXml(request.body), name).toEqual({
        order: '',
        name,
        'name@code': name,
        'name@other': name,
        note: name,
        all: JSON.stringify({ name }),
      });
      await verify(request.body, request.headers, SECRET);
    }
  });

  it('are only names, also where they are those of a prototype', async () => {
    const { create, publish, receiver } = await start();
    const template =
      '{"proto": {{ __proto__ }}, "inner": {{ order.__proto__.isAdmin }}, "constructor": {{ constructor }},' +
      '"field": "$$Order.Constructor$$", "all": {{ waybill.data }}}';
    await create('json', 'application/json', template);
    const data = '{"__proto__": {"isAdmin": true}, "order": {"code": "SO-7"}, "toString": "x"}';
    await publish(data);
    const [request] = await receiver.waitFor(1);
    const body = JSON.parse(request?.body ?? '');
    expect(JSON.stringify(body.all)).toBe(JSON.stringify(JSON.parse(data)));
    expect([body.inner, body.constructor, body.field]).toEqual([null, null, '']);
    expect(body.proto).toEqual({ isAdmin: true });
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
  });
});

describe('a template that fails for an event', () => {
  // Whoever wrote it had orders with one row in mind.
  const FORGETFUL = '{"rows": [{% for row in rows %}{"sku": {{ row.sku }}}{% endfor %}]}';
  const MENDED = FORGETFUL.replace('}}}', '}}},');
  const ONE = '{"rows": [{"sku": "A"}]}';
  const TWO = '{"rows": [{"sku": "A"}, {"sku": "B"}]}';

  it('fails that attempt with code and reason and sends nothing; others go on', async () => {
    const { create, publish, receiver, deliveryOf } = await start();
    await create('forgetful', 'application/json', FORGETFUL, { retry: { schedule: [] } });
    await create('other', 'application/json', '{{ waybill.data }}');
    await publish(ONE);
    const failed = await publish(TWO);
    await publish(ONE);
    await receiver.waitFor(5);
    const delivery = await deliveryOf(failed, 'failed');
    expect(delivery).toMatchObject({ statusReason: 'exhausted', attemptCount: 1, lastStatusCode: null });
    expect(delivery.attempts).toMatchObject([
      {
        outcome: 'failed',
        failureCode: 'invalid_json',
        failureReason:
          "was not sent, because of line 1 of the template: The JSON isn't valid: a comma or a closing bracket is " +
          'expected here, not `{`',
        statusCode: null,
        responseHeaders: null,
        responseBody: null,
      },
    ]);
    expect(delivery.attempts[0].url).toBe(`${receiver.url}forgetful`);
    const paths = receiver.requests.map(({ path }) => path).sort();
    expect(paths).toEqual(['/forgetful', '/forgetful', '/other', '/other', '/other']);
  });

  it('once it is mended, a retry by hand delivers', async () => {
    const { api, create, publish, receiver, deliveryOf } = await start();
    const webhook = await create('', 'application/json', FORGETFUL, { retry: { schedule: [] } });
    const event = await publish(TWO);
    const { id } = await deliveryOf(event, 'failed');
    expect(
      (await api.patch(webhook, { payload: { mimeType: 'application/json', template: MENDED } })).status,
    ).toBe(200);
    expect((await api.post(`${ACCOUNT}/deliveries/${id}/retry`)).status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? '')).toEqual({ rows: [{ sku: 'A' }, { sku: 'B' }] });
    const { attempts } = await deliveryOf(event, 'delivered');
    expect(attempts.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['failed', 'delivered']);
    expect(attempts.map(({ number }: { number: number }) => number)).toEqual([1, 2]);
  });

  it('is tried again by its schedule, with the template of that moment', async () => {
    const clock = createTestClock();
    const { api, create, publish, receiver, deliveryOf } = await start('postgres', { clock });
    const webhook = await create('', 'application/json', FORGETFUL, { retry: { schedule: [60, 60] } });
    const event = await publish(TWO);
    const attemptCount = async () => (await deliveryOf(event, 'pending')).attemptCount;
    await eventually(async () => (await attemptCount()) === 1);
    clock.advance(60_000);
    await eventually(async () => (await attemptCount()) === 2);
    expect(receiver.requests).toEqual([]);
    await api.patch(webhook, { payload: null });
    await eventually(() => {
      clock.advance(60_000);
      return receiver.requests.length > 0;
    });
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
      type: 'order.created',
      data: JSON.parse(TWO),
    });
    expect((await deliveryOf(event, 'delivered')).attempts.at(-1).failureCode).toBeNull();
  });

  it('does not rest the webhook, however often it fails: nobody was asked', async () => {
    const { create, publish, receiver, deliveryOf } = await start('postgres', {
      clock: createTestClock(),
      dispatch: { breakerFailures: 2 },
    });
    await create('', 'application/json', FORGETFUL, { retry: { schedule: [] } });
    let last = '';
    for (let time = 0; time < 5; time += 1) last = await publish(TWO);
    await deliveryOf(last, 'failed');
    await publish(ONE);
    await receiver.waitFor(1);
  });

  it('says of each kind of failure which one it was', async () => {
    const { api, create, publish, receiver } = await start();
    // Each is fine for the data it is checked with when it is saved.
    const endless = '{% for a in list %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}';
    const templates: [code: string, mimeType: string, template: string][] = [
      ['invalid_json', 'application/json', '{"a": 1{% if text %} "b": {{ text }}{% endif %}}'],
      ['invalid_json', 'application/json', '{% if missing %}{}{% endif %}'],
      ['invalid_xml', 'application/xml', '<a>{% if text %}<b>{% endif %}</a>'],
      ['output_misplaced', 'application/xml', '<a{% if text %} {{ text }}="1"{% endif %}/>'],
      ['work_limit', 'text/plain', endless],
      ['body_too_large', 'text/plain', '{% for a in (1..300) %}{{ long }}{% endfor %}'],
      ['filter_failed', 'text/plain', '{{ 7 | divided_by: zero }}'],
    ];
    const codes = new Map<string, string>();
    for (const [code, mimeType, template] of templates) {
      const path = await create('', mimeType, template, { retry: { schedule: [] } });
      codes.set(path.split('/').at(-1) as string, code);
    }
    const list = Array.from({ length: 9_999 }, () => 1);
    await publish(JSON.stringify({ text: 'x', long: 'y'.repeat(5_000), zero: 0, list }));
    const failed = async () => (await api.get(`${ACCOUNT}/deliveries?status=failed`)).body.data;
    await eventually(async () => (await failed()).length === templates.length);
    for (const { id, webhookId } of await failed()) {
      const { attempts } = (await api.get(`${ACCOUNT}/deliveries/${id}`)).body;
      expect.soft(attempts[0].failureCode).toBe(codes.get(webhookId));
      expect
        .soft(attempts[0].failureReason)
        .toMatch(/^was not sent, because of (line \d+ of )?the template: .*[^.]$/);
    }
    expect(receiver.requests).toEqual([]);
  });
});

describe('a template', () => {
  it('gives every attempt the same body, though each is signed anew', async () => {
    const clock = createTestClock();
    const { create, publish, receiver } = await start('postgres', { clock });
    const template = '{"event": {{ event }}, "data": {{ waybill.data }}}';
    await create('', 'application/json', template, { retry: { schedule: [60] } });
    receiver.answer((_request, _response, index) => (index === 0 ? 500 : 200));
    await publish('{"a": 1.10}');
    await receiver.waitFor(1);
    await eventually(() => {
      clock.advance(61_000);
      return receiver.requests.length === 2;
    });
    const [first, second] = receiver.requests as [ReceivedRequest, ReceivedRequest];
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    for (const request of receiver.requests) {
      const time = Number(request.headers['webhook-timestamp']) * 1_000;
      await verify(request.body, request.headers, SECRET, { now: () => time });
    }
  });

  it('sees of the event all there is to know', async () => {
    const { api, create, receiver } = await start();
    await create('', 'application/json', '{{ event }}');
    const event = {
      type: 'order.paid',
      subject: 'order/7',
      channel: 'shop-1',
      version: '2024.1',
      occurredAt: '2026-03-13T14:30:00.000Z',
    };
    const { id } = (await api.post(`${ACCOUNT}/events`, { ...event, data: null })).body;
    const [request] = await receiver.waitFor(1);
    const { occurredAt: time, ...rest } = event;
    expect(JSON.parse(request?.body ?? '')).toEqual({ id, time, ...rest });
  });

  it('that is empty sends the default payload, as if there were none', async () => {
    const { api, create, publish, receiver } = await start();
    const webhook = await create('', 'application/xml', '<gone/>');
    await api.patch(webhook, { payload: { mimeType: 'application/xml', template: ' ' } });
    await publish('{"id": 7}');
    const [request] = await receiver.waitFor(1);
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      type: 'order.created',
      timestamp: expect.any(String),
      data: { id: 7 },
    });
  });

  it('with merge fields fills the body of a ShopCtrl webhook, which is signed in its way', async () => {
    const { create, publish, receiver } = await start();
    const template = [
      '<order code="$$Order.OrderCode$$" date="$$Order.Date#yyyy-MM-dd$$">',
      '<total>$$order.ordertotalexvat##,#.00$$</total>',
      "<!-- RangeStart:$$Order.IsPaid$$='False' --><reminder>$$Order.Customer$$</reminder><!-- RangeEnd:$$Order.IsPaid$$='False' -->",
      '<!-- RangeStart:OrderRow--><row>$$OrderRow.ProductName$$</row><!-- RangeEnd:OrderRow-->',
      '</order>',
    ].join('');
    await create('', 'application/xml', template, { profile: 'shopctrl', secret: TEXT_SECRET });
    const order = {
      OrderId: 7,
      OrderCode: 'SO-7',
      Date: '2026-03-05T14:07:09+01:00',
      OrderTotalExVat: 1559917.36,
      IsPaid: false,
      Customer: 'Käse & Söhne',
      OrderRows: [{ ProductName: 'Mug <large>' }, { ProductName: 'Tray' }],
    };
    await publish(JSON.stringify({ Order: order }), 'order.changed');
    const [request] = await receiver.waitFor(1);
    const body =
      '<order code="SO-7" date="2026-03-05"><total>1,559,917.36</total><reminder>Käse &amp; Söhne</reminder>' +
      '<row>Mug &lt;large&gt;</row><row>Tray</row></order>';
    expect(request?.body).toBe(body);
    expect(request?.headers['content-type']).toBe('application/xml; charset=utf-8');
    const signature = createHmac('sha256', TEXT_SECRET).update(body).digest('base64');
    expect(request?.headers['x-shopctrl-signature']).toBe(signature);
  });

  it('leaves the headers of the profile as they are', async () => {
    const { create, publish, receiver } = await start();
    await create('', 'text/plain', 'Hello', { profile: 'velourcity', secret: TEXT_SECRET });
    await publish('{}');
    const [request] = await receiver.waitFor(1);
    const signature = createHmac('sha256', TEXT_SECRET).update('Hello').digest('hex');
    expect(request?.headers).toMatchObject({
      'x-velourcity-event': 'order.created',
      'x-velourcity-signature': `sha256=${signature}`,
      'content-type': 'text/plain; charset=utf-8',
    });
  });
});

describe('a template that is saved', () => {
  const EVERY =
    '{"id": {{ OrderId }}{% if event.type == "order.changed" %} "code": {{ OrderCode }}{% endif %}}';

  async function startRefusing() {
    const { api, receiver } = await start();
    const draft = { url: receiver.url, events: ['*'] };
    /** What is wrong with a template, when a webhook is made with it. */
    const refused = async (mimeType: string, template: string, more: object = {}) => {
      const settings = { ...draft, ...more, payload: { mimeType, template } };
      const { status, body } = await api.post(`${ACCOUNT}/webhooks`, settings);
      return status === 201 ? undefined : body.errors;
    };
    return { api, draft, refused };
  }

  it.each([
    ['application/json', '{"a": ', 'invalid_json'],
    ['application/json', '{"a": {{ x }} "b": 1}', 'invalid_json'],
    ['application/json', '{"a": {{ text }}, "b": }', 'invalid_json'],
    ['application/xml', '<a><b></a>', 'invalid_xml'],
    ['text/plain', '{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}', 'work_limit'],
  ])('is refused if it can never be valid %s: %s', async (mimeType, template, code) => {
    const { refused } = await startRefusing();
    expect(await refused(mimeType, template)).toMatchObject([{ path: 'payload.template', code }]);
  });

  it('is rendered from the samples of the types the webhook wants; an error names type and place', async () => {
    const { api, draft, refused } = await startRefusing();
    const problem = {
      path: 'payload.template',
      code: 'invalid_json',
      message:
        'The JSON isn\'t valid: a comma or a closing bracket is expected here, not `"`. ' +
        '(line 1, column 60, with the sample of order.changed)',
      params: {
        message: 'The JSON isn\'t valid: a comma or a closing bracket is expected here, not `"`.',
        why: 'unexpected',
        wanted: 'after',
        found: '"',
        line: 1,
        column: 60,
      },
    };
    const shop = { profile: 'shopctrl' };
    expect(await refused('application/json', EVERY, { ...shop, events: ['order.*'] })).toEqual([problem]);
    expect(await refused('application/json', EVERY, { ...shop, events: ['ticket.*'] })).toBeUndefined();
    // Nothing is known of these types: only what can never be right is refused.
    expect(await refused('application/json', EVERY)).toBeUndefined();

    const made = await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...shop, events: ['ticket.*'] });
    const path = `${ACCOUNT}/webhooks/${made.body.id}`;
    const payload = { mimeType: 'application/json', template: EVERY };
    expect((await api.patch(path, { payload })).status).toBe(200);
    const changes = { events: ['order.changed'] };
    const changed = await api.patch(path, changes);
    expect([changed.status, changed.body.errors]).toEqual([400, [problem]]);
    const previewed = await api.post(`${path}/preview`, { webhook: changes });
    expect(previewed.body.errors).toEqual([{ ...problem, path: 'webhook.payload.template' }]);
    expect((await api.patch(path, { name: 'still there' })).status).toBe(200);
  });

  it("is rendered from samples of the platform's own event types too", async () => {
    const { api, refused } = await startRefusing();
    await api.request('PUT', '/v1/event-types/order.packed', { sample: { boxes: [1, 2] } });
    const template = '{"boxes": [{% for box in boxes %}{"n": {{ box }}}{% endfor %}]}';
    const [problem] = await refused('application/json', template, { events: ['order.packed'] });
    expect(problem.message).toContain('with the sample of order.packed');
    expect(await refused('application/json', template, { events: ['order.created'] })).toBeUndefined();
  });

  it('is not held to samples its condition keeps back', async () => {
    const { refused } = await startRefusing();
    const shop = { profile: 'shopctrl', events: ['order.changed'] };
    const template = '{"id": 1{% if OrderCode %} "code": {{ OrderCode }}{% endif %}}';
    const condition = { all: [{ field: 'OrderCode', operator: 'isNull' }] };
    expect(await refused('application/json', template, shop)).toHaveLength(1);
    expect(await refused('application/json', template, { ...shop, condition })).toBeUndefined();
    expect(await refused('application/json', '{"a": ', { ...shop, condition })).toHaveLength(1);
  });
});
