import { request } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { PLATFORM_KEY, startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const EVENTS = `${ACCOUNT}/events`;
const WEBHOOKS = `${ACCOUNT}/webhooks`;
const DELIVERIES = `${ACCOUNT}/deliveries`;
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9999/';
const MEBIBYTE = 1024 * 1024;
const EVENT = { type: 'order.created', data: 1 };
const WEBHOOK = { url: NOWHERE, events: ['*'] };
/** JSON.stringify writes it as the escape, as a caller would. */
const LONE = '\ud800';
const MANY = 150_000;

/** What every refusal has in common, and the two things that tell them apart. */
function expectRefused(answer: ApiAnswer, status: number, code: string, what: string): void {
  const { body } = answer;
  const type = answer.headers.get('content-type');
  expect.soft({ status: answer.status, code: body?.code, type, inBody: body?.status }, what).toEqual({
    status,
    code,
    type: 'application/problem+json',
    inBody: status,
  });
  // However much was sent, the answer is short.
  expect.soft(answer.text.length, what).toBeLessThan(40_000);
}

function errorsOf(answer: ApiAnswer): string[] {
  return (answer.body.errors ?? []).map(
    (error: { path: string; code: string }) => `${error.path} ${error.code}`,
  );
}

/** The field the first error names. */
function pathOf(answer: ApiAnswer): string | undefined {
  return answer.body.errors?.[0]?.path;
}

/** All there is to see. Two that are equal: nothing was left behind, and nothing has changed. */
async function snapshot(api: ApiClient): Promise<string> {
  const lists = ['/v1/accounts', EVENTS, WEBHOOKS, DELIVERIES, `${ACCOUNT}/keys`];
  const answers = [];
  for (const path of lists) answers.push((await api.get(path)).text);
  return answers.join('\n');
}

/** A webhook and an event with its delivery to it, so that there is something to leave as it was. */
async function furnish(api: ApiClient) {
  const webhook = await api.post(WEBHOOKS, { ...WEBHOOK, status: 'paused' });
  expect(webhook.status, webhook.text).toBe(201);
  const event = await api.post(EVENTS, EVENT);
  expect(event.body.deliveries).toBe(1);
  const delivery = (await api.get(DELIVERIES)).body.data[0];
  return {
    webhookPath: `${WEBHOOKS}/${webhook.body.id}`,
    deliveryPath: `${DELIVERIES}/${delivery.id}`,
    before: await snapshot(api),
  };
}

/**
 * Uploads spaces, and resolves with the answer even if that comes before they are all sent and ends the upload.
 * Fetch would reject then.
 */
function upload(url: string, mebibytes: number, told: boolean) {
  return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    const length: Record<string, string> = told
      ? { 'content-length': String(mebibytes * MEBIBYTE) }
      : { 'transfer-encoding': 'chunked' };
    const headers = { authorization: `Bearer ${PLATFORM_KEY}`, ...length };
    const outgoing = request(url, { method: 'POST', headers });
    outgoing.on('response', (response) => {
      json(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    outgoing.on('error', reject);
    Readable.from(Array(mebibytes).fill(' '.repeat(MEBIBYTE))).pipe(outgoing);
  });
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

/** An object with a member that is called `__proto__`, as JSON can hold it and a literal can't. */
function withProto(value: object): object {
  const members = [['__proto__', { polluted: true }], ...Object.entries(value)];
  return JSON.parse(
    `{${members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`,
  );
}

const BAD_BODIES: [what: string, body: string | Uint8Array, code: string][] = [
  ['nothing', '', 'malformed_json'],
  ['spaces', '  \n', 'malformed_json'],
  ['null', 'null', 'validation_failed'],
  ['an empty array', '[]', 'validation_failed'],
  ['a string', '"x"', 'validation_failed'],
  ['a number', '1', 'validation_failed'],
  ['true', 'true', 'validation_failed'],
  ['an array of what belongs there', JSON.stringify([{ ...EVENT, ...WEBHOOK }]), 'validation_failed'],
  ['an open brace', '{', 'malformed_json'],
  ['half a string', '{"type":"a', 'malformed_json'],
  ['a comma too many', '{"type":"a","data":1,}', 'malformed_json'],
  ['single quotes', "{'type':'a','data':1}", 'malformed_json'],
  ['a comment', '{"type":"a","data":1} // x', 'malformed_json'],
  ['two values', '{}{}', 'malformed_json'],
  ['NaN', '{"type":"a","data":NaN}', 'malformed_json'],
  ['a leading zero', '{"type":"a","data":01}', 'malformed_json'],
  ['a form', 'type=a&data=1', 'malformed_json'],
  ['HTML', '<html></html>', 'malformed_json'],
  ['a raw NUL', '{"type":"a\0","data":1}', 'malformed_json'],
  ['a raw line break in a string', '{"type":"a\n","data":1}', 'malformed_json'],
  ['bytes that are not UTF-8', Buffer.from('{"type":"\xff","data":1}', 'latin1'), 'malformed_json'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'malformed_json'],
  ['UTF-16', Buffer.from(JSON.stringify(EVENT), 'utf16le'), 'malformed_json'],
  ['only a byte order mark', Buffer.from([0xef, 0xbb, 0xbf]), 'malformed_json'],
  ['65 levels', nested(65), 'json_too_deep'],
  ['100,000 levels', nested(100_000), 'json_too_deep'],
  ['100,000 levels that never end', '['.repeat(100_000), 'json_too_deep'],
  ['100,000 objects in data', `{"type":"a","data":${'{"a":'.repeat(100_000)}`, 'json_too_deep'],
];

/** Text that no field takes. */
const BAD_TEXTS: [what: string, text: string][] = [
  ['a NUL', 'a\0b'],
  ['a lone surrogate', `a${LONE}b`],
  ['a lone low surrogate', '\udc00'],
  ['a line break', 'a\r\nb'],
  ['nothing', ''],
];

const WRONG_TYPES: [what: string, value: unknown][] = [
  ['a number', 1],
  ['true', true],
  ['an array', ['a']],
  ['an object', { a: 1 }],
];

const BAD_EVENTS: [what: string, event: object, path: string][] = [
  ['no type', { data: 1 }, 'type'],
  ['no data', { type: 'a' }, 'data'],
  ['type null', { ...EVENT, type: null }, 'type'],
  ...['a b', '.a', 'a.', 'a..b', 'a.*', '*', 'order/created', 'ordér', ' a', 'a\n', 'x'.repeat(129)].map(
    (type): [string, object, string] => [
      `type ${JSON.stringify(type).slice(0, 30)}`,
      { ...EVENT, type },
      'type',
    ],
  ),
  ['a type of 10,000 characters', { ...EVENT, type: 'a'.repeat(10_000) }, 'type'],
  ['a type of 10,000 words', { ...EVENT, type: 'a.'.repeat(10_000) }, 'type'],
  ...['type', 'subject', 'channel', 'version', 'idempotencyKey', 'occurredAt'].flatMap((field) => [
    ...WRONG_TYPES.map(([what, value]): [string, object, string] => [
      `${field}: ${what}`,
      { ...EVENT, [field]: value },
      field,
    ]),
    ...BAD_TEXTS.map(([what, value]): [string, object, string] => [
      `${field}: ${what}`,
      { ...EVENT, [field]: value },
      field,
    ]),
  ]),
  ['a subject of 257 characters', { ...EVENT, subject: 'x'.repeat(257) }, 'subject'],
  ['a channel of 129 characters', { ...EVENT, channel: 'x'.repeat(129) }, 'channel'],
  ['a version of 65 characters', { ...EVENT, version: 'x'.repeat(65) }, 'version'],
  ['a key of 256 characters', { ...EVENT, idempotencyKey: 'x'.repeat(256) }, 'idempotencyKey'],
  ...[
    'yesterday',
    '2026-03-13',
    '2026-03-13T14:30:00',
    '2026-03-13 14:30:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-03-13T24:00:01Z',
    '2026-03-13T14:60:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '10000-01-01T00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-03-13T14:30:00+25:00',
    '1773412200',
    `2026-03-13T14:30:00.${'1'.repeat(10_000)}Z`.replace('Z', 'X'),
  ].map((occurredAt): [string, object, string] => [
    `occurredAt ${occurredAt.slice(0, 40)}`,
    { ...EVENT, occurredAt },
    'occurredAt',
  ]),
  ['an unknown field', { ...EVENT, evnt: 1 }, 'evnt'],
  ['__proto__', withProto(EVENT), '__proto__'],
  ['constructor', { ...EVENT, constructor: { prototype: {} } }, 'constructor'],
  ['toString', { ...EVENT, toString: 1 }, 'toString'],
  ['an id of its own', { ...EVENT, id: 'evt_1' }, 'id'],
  ['an account of its own', { ...EVENT, account: 'other' }, 'account'],
  ['a field whose name is a lone surrogate', { ...EVENT, [LONE]: 1 }, LONE],
];

const header = (name: string, value: unknown) => ({ ...WEBHOOK, headers: { [name]: value } });

const BAD_WEBHOOKS: [what: string, webhook: object, path: string][] = [
  ['no url', { events: ['*'] }, 'url'],
  ['no events', { url: NOWHERE }, 'events'],
  ['events null', { ...WEBHOOK, events: null }, 'events'],
  ['events a string', { ...WEBHOOK, events: '*' }, 'events'],
  ['events an object', { ...WEBHOOK, events: { 0: '*', length: 1 } }, 'events'],
  ['no events in events', { ...WEBHOOK, events: [] }, 'events'],
  ['101 patterns', { ...WEBHOOK, events: Array(101).fill('a') }, 'events'],
  ...[
    '',
    '**',
    '*.a',
    'a.*.b',
    'a*',
    'a.',
    '.a',
    '.*',
    'a b',
    'ordér.*',
    'a\0',
    LONE,
    'x'.repeat(129),
    'a'.repeat(10_000),
  ].map((one): [string, object, string] => [
    `pattern ${JSON.stringify(one).slice(0, 30)}`,
    { ...WEBHOOK, events: ['ok', one] },
    'events[1]',
  ]),
  ...[1, null, ['a'], {}].map((one): [string, object, string] => [
    `pattern ${JSON.stringify(one)}`,
    { ...WEBHOOK, events: [one] },
    'events[0]',
  ]),
  ['channels a string', { ...WEBHOOK, channels: 'web' }, 'channels'],
  ['channels null', { ...WEBHOOK, channels: null }, 'channels'],
  ['101 channels', { ...WEBHOOK, channels: Array(101).fill('a') }, 'channels'],
  ['a channel of 129 characters', { ...WEBHOOK, channels: ['x'.repeat(129)] }, 'channels[0]'],
  ...[...BAD_TEXTS, ...WRONG_TYPES].map(([what, value]): [string, object, string] => [
    `channel: ${what}`,
    { ...WEBHOOK, channels: [value] },
    'channels[0]',
  ]),
  ...[...BAD_TEXTS, ...WRONG_TYPES].map(([what, value]): [string, object, string] => [
    `name: ${what}`,
    { ...WEBHOOK, name: value },
    'name',
  ]),
  ['a name of spaces', { ...WEBHOOK, name: '   ' }, 'name'],
  ['a name of 201 characters', { ...WEBHOOK, name: 'x'.repeat(201) }, 'name'],
  ['status unknown', { ...WEBHOOK, status: 'gone' }, 'status'],
  ['status null', { ...WEBHOOK, status: null }, 'status'],
  ['status in another case', { ...WEBHOOK, status: 'Active' }, 'status'],
  ['status __proto__', { ...WEBHOOK, status: '__proto__' }, 'status'],
  ['profile unknown', { ...WEBHOOK, profile: 'nobody' }, 'profile'],
  ['profile constructor', { ...WEBHOOK, profile: 'constructor' }, 'profile'],
  ...[99, 120_001, -1, 0, 100.5, 1e300, 2 ** 53, '1000', null, [1000], true].map(
    (timeoutMs): [string, object, string] => [
      `timeoutMs ${JSON.stringify(timeoutMs)}`,
      { ...WEBHOOK, timeoutMs },
      'timeoutMs',
    ],
  ),
  ['retry an array', { ...WEBHOOK, retry: [1] }, 'retry'],
  ['retry a number', { ...WEBHOOK, retry: 5 }, 'retry'],
  ['retry empty', { ...WEBHOOK, retry: {} }, 'retry.schedule'],
  ['retry with more', { ...WEBHOOK, retry: { schedule: [1], jitter: 0 } }, 'retry.jitter'],
  ['retry.schedule null', { ...WEBHOOK, retry: { schedule: null } }, 'retry.schedule'],
  ['retry.schedule an object', { ...WEBHOOK, retry: { schedule: { 0: 1 } } }, 'retry.schedule'],
  ['31 retries', { ...WEBHOOK, retry: { schedule: Array(31).fill(1) } }, 'retry.schedule'],
  ...[0, -1, 604_801, 1.5, 1e300, '5', null, []].map((seconds): [string, object, string] => [
    `retry after ${JSON.stringify(seconds)}`,
    { ...WEBHOOK, retry: { schedule: [1, seconds] } },
    'retry.schedule[1]',
  ]),
  ...[
    '',
    'x',
    'whsec_',
    'whsec_short',
    `whsec_${'A'.repeat(31)}`,
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    `WHSEC_${Buffer.alloc(32).toString('base64')}`,
    `whsec_${Buffer.alloc(32, 255).toString('base64url')}`,
    `whsec_${Buffer.alloc(32).toString('base64')}\n`,
    `whsec_${Buffer.alloc(32).toString('base64')}\0`,
    `whsec_${'A'.repeat(100_000)}`,
    1,
    null,
    ['whsec_x'],
  ].map((secret): [string, object, string] => [
    `secret ${JSON.stringify(secret).slice(0, 40)}`,
    { ...WEBHOOK, secret },
    'secret',
  ]),
  ['headers an array', { ...WEBHOOK, headers: [['a', 'b']] }, 'headers'],
  ['headers a string', { ...WEBHOOK, headers: 'a: b' }, 'headers'],
  ['headers null', { ...WEBHOOK, headers: null }, 'headers'],
  [
    '21 headers',
    { ...WEBHOOK, headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, '1'])) },
    'headers',
  ],
  [
    'more than 8 KiB of headers',
    {
      ...WEBHOOK,
      headers: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`x-${n}`, 'x'.repeat(2000)])),
    },
    'headers',
  ],
  ['a header twice, in different case', { ...WEBHOOK, headers: { 'x-a': '1', 'X-A': '2' } }, 'headers.X-A'],
  ...[
    'a\r\nx-evil: 1',
    'a\nb',
    'a\rb',
    'a\0b',
    `a${LONE}`,
    'å',
    '\u{1f4e6}',
    '',
    ' a',
    'a ',
    'a\x7f',
    'x'.repeat(2049),
    1,
    null,
    ['a', 'b'],
    {},
  ].map((value): [string, object, string] => [
    `a header's value ${JSON.stringify(value).slice(0, 30)}`,
    header('x-a', value),
    'headers.x-a',
  ]),
  ...[
    '',
    'a b',
    'a:',
    'a\r\nx-evil',
    'a\0',
    'å',
    LONE,
    'x'.repeat(129),
    'Host',
    'host',
    'Content-Type',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Keep-Alive',
    'Upgrade',
    'TE',
    'Trailer',
    'Expect',
    'Date',
    'Via',
    'User-Agent',
    'Accept-Encoding',
    'webhook-id',
    'Webhook-Signature',
    'WEBHOOK-ANYTHING',
    'Proxy-Authorization',
    'Sec-Fetch-Mode',
    ':authority',
    'Authorization',
    'Cookie',
  ].map((name): [string, object, string] => [
    `a header called ${JSON.stringify(name).slice(0, 30)}`,
    header(name, '1'),
    name === '' ? 'headers.' : `headers.${name.slice(0, 100)}`,
  ]),
  ...[
    'x',
    '',
    '/hooks',
    '//example.com/',
    'example.com',
    'http://',
    'http:example.com',
    'http:///example.com',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'ws://example.com/',
    'http://user@example.com/',
    'http://user:pass@example.com/',
    'http://:@example.com/',
    'http://example.com/#fragment',
    'http://example.com/#',
    'http://example.com:0/',
    'http://example.com:22/',
    'http://example.com:25/',
    'http://example.com:6667/',
    'http://example.com:65536/',
    'http://example.com:x/',
    'http://exa mple.com/',
    ' http://example.com/',
    'http://example.com/\n',
    'http://example.com/\0',
    `http://example.com/${LONE}`,
    'http://example.com\\@127.0.0.1/',
    'http://[::1',
    'http://.example.com/',
    'http://exam_ple..com/',
    `http://${'a'.repeat(64)}.com/`,
    `http://example.com/${'a'.repeat(2048)}`,
    `http://example.com/${'a'.repeat(10_000)}`,
    'http://10.0.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://printer.local/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0xa000001/',
    'http://167772161/',
    'http://012.0.0.1/',
    'http://255.255.255.255/',
    'http://224.0.0.1/',
    1,
    null,
    ['http://example.com/'],
    {},
  ].map((url): [string, object, string] => [
    `url ${JSON.stringify(url).slice(0, 60)}`,
    { ...WEBHOOK, url },
    'url',
  ]),
  ['an unknown field', { ...WEBHOOK, evnts: ['*'] }, 'evnts'],
  ['__proto__', withProto(WEBHOOK), '__proto__'],
  ['__proto__ among the headers', { ...WEBHOOK, headers: withProto({ 'x-a': '1' }) }, 'headers.__proto__'],
  ['__proto__ in retry', { ...WEBHOOK, retry: withProto({ schedule: [1] }) }, 'retry.__proto__'],
  ['constructor', { ...WEBHOOK, constructor: {} }, 'constructor'],
  ['an id of its own', { ...WEBHOOK, id: `wh_${'0'.repeat(32)}` }, 'id'],
  ['health', { ...WEBHOOK, health: 'healthy' }, 'health'],
  ['lane', { ...WEBHOOK, lane: 1 }, 'lane'],
];

/** A body that is small enough to be taken, and breaks a rule very many times. */
const MANY_MISTAKES: [what: string, path: string, body: object][] = [
  ['unknown fields of an event', EVENTS, { ...EVENT, ...members(1) }],
  ['unknown fields of a batch', EVENTS, { events: [EVENT], ...members(1) }],
  ['unknown fields of an event in a batch', EVENTS, { events: [EVENT, { ...EVENT, ...members(1) }] }],
  ['unknown fields of a webhook', WEBHOOKS, { ...WEBHOOK, ...members(1) }],
  ['patterns', WEBHOOKS, { ...WEBHOOK, events: Array(MANY).fill(0) }],
  ['channels', WEBHOOKS, { ...WEBHOOK, channels: Array(MANY).fill('') }],
  ['headers', WEBHOOKS, { ...WEBHOOK, headers: members('\n') }],
  ['headers that are no text', WEBHOOKS, { ...WEBHOOK, headers: members(1) }],
  ['retries', WEBHOOKS, { ...WEBHOOK, retry: { schedule: Array(MANY).fill('') } }],
];

function members(value: unknown): object {
  return Object.fromEntries(Array.from({ length: MANY }, (_, n) => [`x${n}`, value]));
}

const CURSORS: [what: string, cursor: string][] = [
  ['a word', 'x'],
  ['nothing decodable', '%'],
  ['a number', '1'],
  ['base64 of a word', btoa('hello')],
  ['base64 of a wire id', btoa(`evt_${'0'.repeat(32)}`)],
  ['base64 of SQL', btoa("' or 1=1 --")],
  ['base64 of a NUL', btoa('\0')],
  ['base64 of a UUID in capitals', btoa('0192F0C1-7B3C-7AAA-8BBB-0123456789AB')],
  ['base64 of a UUID and more', btoa('0192f0c1-7b3c-7aaa-8bbb-0123456789ab\n')],
  ['a UUID itself', '0192f0c1-7b3c-7aaa-8bbb-0123456789ab'],
  ['a NUL', '\0'],
  ['a cursor with padding', `${Buffer.from('0192f0c1-7b3c-7aaa-8bbb-0123456789a').toString('base64')}=`],
  ['letters of another alphabet', 'кириллица'],
];

const BAD_LIMITS = [
  '0',
  '-1',
  '101',
  '1.5',
  'x',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e9',
  '9'.repeat(400),
  '',
  '1;2',
  '٣',
  'null',
  '[1]',
];

const BAD_QUERIES: [path: string, query: string, code: string][] = [
  ...[EVENTS, WEBHOOKS, DELIVERIES, '/v1/accounts'].flatMap((path): [string, string, string][] => [
    ...BAD_LIMITS.map((limit): [string, string, string] => [
      path,
      `limit=${encodeURIComponent(limit)}`,
      'validation_failed',
    ]),
    ...CURSORS.filter(
      ([what]) => path !== '/v1/accounts' || !/word$|UUID$|wire id$|capitals$/.test(what),
    ).map(([, cursor]): [string, string, string] => [
      path,
      `cursor=${encodeURIComponent(cursor)}`,
      'invalid_cursor',
    ]),
    [path, 'cursor=', 'validation_failed'],
    [path, `cursor=${'a'.repeat(701)}`, 'validation_failed'],
    [path, 'cursor=a&cursor=b', 'validation_failed'],
    [path, 'limit=1&limit=1', 'validation_failed'],
    [path, 'offset=1', 'validation_failed'],
    [path, '__proto__=1', 'validation_failed'],
    [path, 'constructor=1', 'validation_failed'],
    [path, 'limit[]=1', 'validation_failed'],
    [path, 'Limit=1', 'validation_failed'],
  ]),
  ...['type', 'subject', 'channel'].flatMap((name): [string, string, string][] => [
    [EVENTS, `${name}=%00`, 'validation_failed'],
    [EVENTS, `${name}=a%00b`, 'validation_failed'],
    [EVENTS, `${name}=`, 'validation_failed'],
    [EVENTS, `${name}=${'a'.repeat(257)}`, 'validation_failed'],
  ]),
  ...['eventType', 'subject'].flatMap((name): [string, string, string][] => [
    [DELIVERIES, `${name}=%00`, 'validation_failed'],
    [DELIVERIES, `${name}=`, 'validation_failed'],
    [DELIVERIES, `${name}=${'a'.repeat(257)}`, 'validation_failed'],
  ]),
  [DELIVERIES, 'status=gone', 'validation_failed'],
  [DELIVERIES, 'status=', 'validation_failed'],
  [DELIVERIES, 'status=pending%00', 'validation_failed'],
  ...['webhookId', 'eventId'].flatMap((name) =>
    [
      '',
      'x',
      '%00',
      `dlv_${'0'.repeat(32)}`,
      '0192f0c1-7b3c-7aaa-8bbb-0123456789ab',
      `wh_${'0'.repeat(31)}`,
    ].map((id): [string, string, string] => [DELIVERIES, `${name}=${id}`, 'invalid_id']),
  ),
  ...['from', 'to'].flatMap((name) =>
    [
      '',
      'yesterday',
      'infinity',
      'now',
      '2026-03-13',
      '2026-03-13T14:30:00',
      '2026-02-30T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '0000-12-31T23:59:59Z',
      '10000-01-01T00:00:00Z',
      '%2B010000-01-01T00:00:00Z',
      '9999-12-31T23:59:59-23:59',
      '2026-03-13T14:30:00%2B25:00',
      '2026-03-13T14:30:00Z%00',
    ].map((time): [string, string, string] => [DELIVERIES, `${name}=${time}`, 'validation_failed']),
  ),
];

describe.each(E2E_DATABASE_KINDS)('bad input on %s', (kind) => {
  it('queries that break a rule, and cursors somebody made up, are refused', async () => {
    const { api } = await startTestWaybill(kind);
    const { before } = await furnish(api);
    for (const [path, query, code] of BAD_QUERIES) {
      expectRefused(await api.get(`${path}?${query}`), 400, code, `${path}?${query}`.slice(0, 120));
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('the limits themselves are still good', async () => {
    const { api } = await startTestWaybill(kind);
    const events = [
      { type: 'x'.repeat(128), data: 1 },
      { type: 'a', data: JSON.parse(nested(62)) },
      { ...EVENT, subject: 'x'.repeat(256), channel: 'x'.repeat(128), version: 'x'.repeat(64) },
      { ...EVENT, subject: '\u{1f4e6}'.repeat(128), channel: 'é', idempotencyKey: '\u{1f4e6}'.repeat(127) },
      { ...EVENT, occurredAt: '0001-01-01T00:00:00Z' },
      { ...EVENT, occurredAt: '9999-12-31T23:59:59.999Z' },
      { ...EVENT, occurredAt: '2024-02-29T23:59:59.123456789-12:00' },
    ];
    for (const event of events) {
      const { status, body, text } = await api.post(EVENTS, event);
      expect(status, text).toBe(202);
      expect((await api.get(`${EVENTS}/${body.id}`)).status).toBe(200);
    }
    const webhooks = [
      { events: Array(100).fill('x'.repeat(128)), channels: Array(100).fill('é'.repeat(128)) },
      { name: 'å'.repeat(200), timeoutMs: 100, retry: { schedule: Array(30).fill(604_800) } },
      { headers: { ['x'.repeat(128)]: 'x'.repeat(2048), __proto_: 'a\tb', 'x-y': '~' }, timeoutMs: 120_000 },
      { url: `http://127.0.0.1:9999/${'a'.repeat(2048 - NOWHERE.length)}` },
      { secret: `whsec_${Buffer.alloc(64, 1).toString('base64')}` },
    ];
    for (const webhook of webhooks) {
      const { status, text } = await api.post(WEBHOOKS, { ...WEBHOOK, ...webhook });
      expect(status, text).toBe(201);
    }
    expect((await api.get(`${EVENTS}?limit=100`)).body.data).toHaveLength(events.length);
    expect((await api.get(`${WEBHOOKS}?limit=1`)).body.data).toHaveLength(1);
  });
});

describe('bad input', () => {
  it('bodies that are no JSON, or not what belongs there, are refused by every endpoint that takes one', async () => {
    const { api } = await startTestWaybill('postgres');
    const { webhookPath, before } = await furnish(api);
    const targets: [method: string, path: string, optional: boolean][] = [
      ['POST', EVENTS, false],
      ['POST', WEBHOOKS, false],
      ['PATCH', webhookPath, false],
      ['POST', `${webhookPath}/test`, true],
      ['POST', `${webhookPath}/secret/rotate`, true],
      ['PUT', ACCOUNT, true],
      ['POST', `${ACCOUNT}/keys`, true],
    ];
    for (const [method, path, optional] of targets) {
      for (const [what, body, code] of BAD_BODIES) {
        if (optional && body.length === 0) continue;
        expectRefused(await api.request(method, path, body), 400, code, `${method} ${path}: ${what}`);
      }
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('events that break a rule are refused, alone and in a batch, with the field named', async () => {
    const { api } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const [what, event, path] of BAD_EVENTS) {
      const alone = await api.post(EVENTS, event);
      expectRefused(alone, 400, 'validation_failed', what);
      expect.soft(pathOf(alone), what).toBe(path);
      const batch = await api.post(EVENTS, { events: [EVENT, event] });
      expectRefused(batch, 400, 'validation_failed', `${what}, in a batch`);
      expect.soft(pathOf(batch), what).toBe(`events[1].${path}`);
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('webhooks that break a rule are refused, when made and when changed, with the field named', async () => {
    const { api } = await startTestWaybill('postgres');
    const { webhookPath, before } = await furnish(api);
    for (const [what, webhook, path] of BAD_WEBHOOKS) {
      const made = await api.post(WEBHOOKS, webhook);
      expectRefused(made, 400, 'validation_failed', what);
      expect.soft(pathOf(made), what).toBe(path);
      if (/^no (url|events)$/.test(what)) continue;
      const changed = await api.patch(webhookPath, webhook);
      expectRefused(changed, 400, 'validation_failed', `${what}, as a change`);
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('items of a batch that are no events are named by their place', async () => {
    const { api } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const item of [null, 1, 'x', true, [], [EVENT]]) {
      const answer = await api.post(EVENTS, { events: [EVENT, item] });
      expectRefused(answer, 400, 'validation_failed', JSON.stringify(item));
      expect.soft(errorsOf(answer)).toEqual(['events[1] wrong_type']);
    }
    for (const events of [null, 1, 'x', {}, { 0: EVENT, length: 1 }]) {
      const answer = await api.post(EVENTS, { events });
      expectRefused(answer, 400, 'validation_failed', JSON.stringify(events));
      expect.soft(errorsOf(answer)).toEqual(['events wrong_type']);
    }
    const mixed = await api.post(EVENTS, { ...EVENT, events: [EVENT] });
    expect(errorsOf(mixed).sort()).toEqual(['data unknown_field', 'type unknown_field']);
    expect(await snapshot(api)).toBe(before);
  });

  it('a body with 150,000 mistakes is refused like one with three', async () => {
    const { api } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const [what, path, body] of MANY_MISTAKES) {
      expectRefused(await api.post(path, body), 400, 'validation_failed', what);
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('a body of 33 MiB is refused, whether its length is told or not', async () => {
    const { api, url } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const told of [true, false]) {
      const { status, body } = await upload(url + EVENTS, 33, told);
      expect(status).toBe(413);
      expect(body).toMatchObject({ status: 413, code: 'request_too_large' });
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('a body that is compressed is refused, and not unpacked', async () => {
    const { api } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'x'.repeat(5000)]) {
      const answer = await api.post(EVENTS, EVENT, { 'content-encoding': encoding });
      expectRefused(answer, 415, 'unsupported_encoding', encoding.slice(0, 20));
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('idempotency keys in the header that cannot be one are refused', async () => {
    const { api } = await startTestWaybill('postgres');
    const { before } = await furnish(api);
    for (const key of ['', 'x'.repeat(256), 'a\tb']) {
      const answer = await api.post(EVENTS, EVENT, { 'idempotency-key': key });
      expectRefused(answer, 400, 'validation_failed', JSON.stringify(key).slice(0, 20));
      expect.soft(errorsOf(answer)[0]).toMatch(/^Idempotency-Key /);
    }
    expect(await snapshot(api)).toBe(before);
  });

  it('an unknown field does not let a caller put words of any length into the answer', async () => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post(EVENTS, { ...EVENT, ['x'.repeat(100_000)]: 1 });
    expectRefused(answer, 400, 'validation_failed', 'a long name');
    expect(answer.body.errors[0].path).toBe('x'.repeat(100));
  });

  it('nothing that was sent changes the prototype of all objects', async () => {
    const { api } = await startTestWaybill('postgres');
    const { webhookPath } = await furnish(api);
    await api.post(EVENTS, withProto(EVENT));
    await api.post(EVENTS, { ...EVENT, constructor: { prototype: { polluted: true } } });
    await api.patch(webhookPath, { headers: withProto({}) });
    await api.get(`${EVENTS}?__proto__[polluted]=1&constructor.prototype.polluted=1`);
    expect('polluted' in {}).toBe(false);
  });

  it('without an allow-list, neither plain http nor any address that is not public is taken', async () => {
    const { api } = await startTestWaybill('postgres', {
      allowHttp: false,
      egressAllow: [],
      lookup: async (host) => [
        { address: host === 'inside.example' ? '10.0.0.1' : '93.184.215.14', family: 4 },
      ],
    });
    const cases: [url: string, code: string][] = [
      ['http://example.com/', 'url_scheme'],
      ['https://127.0.0.1/', 'address_not_allowed'],
      ['https://127.1/', 'address_not_allowed'],
      ['https://0x7f000001/', 'address_not_allowed'],
      ['https://2130706433/', 'address_not_allowed'],
      ['https://0177.0.0.1/', 'address_not_allowed'],
      ['https://localhost/', 'address_not_allowed'],
      ['https://localhost./', 'address_not_allowed'],
      ['https://app.localhost/', 'address_not_allowed'],
      ['https://[::1]/', 'address_not_allowed'],
      ['https://[::ffff:127.0.0.1]/', 'address_not_allowed'],
      ['https://[64:ff9b::7f00:1]/', 'address_not_allowed'],
      ['https://[2002:7f00:1::]/', 'address_not_allowed'],
      ['https://10.0.0.1/', 'address_not_allowed'],
      ['https://172.16.0.1/', 'address_not_allowed'],
      ['https://192.168.1.1/', 'address_not_allowed'],
      ['https://100.64.0.1/', 'address_not_allowed'],
      ['https://169.254.169.254/', 'address_not_allowed'],
      ['https://[fd00:ec2::254]/', 'address_not_allowed'],
      ['https://224.0.0.1/', 'address_not_allowed'],
      ['https://0.0.0.0/', 'address_not_allowed'],
      ['https://intranet/', 'url_host'],
      ['https://db.internal/', 'url_host'],
      ['https://inside.example/', 'address_not_allowed'],
    ];
    for (const [url, code] of cases) {
      const answer = await api.post(WEBHOOKS, { url, events: ['*'] });
      expectRefused(answer, 400, 'validation_failed', url);
      expect.soft(errorsOf(answer), url).toEqual([`url ${code}`]);
      // What a name resolves to inside is not the account's to know.
      if (url.includes('inside')) expect(answer.text).not.toContain('10.0.0.1');
    }
    expect((await api.get(WEBHOOKS)).body.data).toEqual([]);
    const good = await api.post(WEBHOOKS, { url: 'https://outside.example/hooks', events: ['*'] });
    expect(good.status, good.text).toBe(201);
    const changed = await api.patch(`${WEBHOOKS}/${good.body.id}`, { url: 'https://inside.example/' });
    expectRefused(changed, 400, 'validation_failed', 'a change');
    expect((await api.get(`${WEBHOOKS}/${good.body.id}`)).body.url).toBe('https://outside.example/hooks');
  });
});

const FUZZ = { seed: 20_260_313, numRuns: 300 };

/** Values of all kinds under names that mean something here, so that the runs get past the first check. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '*',
    'order.*',
    'a\0',
    LONE,
    '__proto__',
    NOWHERE,
    'https://[',
    1e308,
    -0,
    [],
    {},
    null,
  ),
);
const fields = (...names: string[]) =>
  fc.oneof(
    anyValue,
    fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), anyValue, { maxKeys: 6 }),
  );
const anyEvent = fc.oneof(
  fields('type', 'data', 'subject', 'channel', 'occurredAt', 'version', 'idempotencyKey', 'events'),
  fc
    .record(
      { subject: anyValue, channel: anyValue, occurredAt: anyValue, version: anyValue },
      { requiredKeys: [] },
    )
    .map((rest) => ({ ...EVENT, ...rest })),
  fc.array(fields('type', 'data'), { maxLength: 3 }).map((events) => ({ events })),
);
const WEBHOOK_FIELDS = [
  'name',
  'url',
  'events',
  'channels',
  'status',
  'headers',
  'retry',
  'timeoutMs',
  'secret',
];
/** Wants nothing that is published here: what is made must not be sent. */
const QUIET = { url: NOWHERE, events: ['never'], status: 'paused' };
const anyWebhook = fc.oneof(
  fields(...WEBHOOK_FIELDS),
  fc
    .record(
      { name: anyValue, channels: fc.array(anyValue), headers: anyValue, retry: anyValue },
      { requiredKeys: [] },
    )
    .map((rest) => ({ ...QUIET, ...rest })),
  fc
    .dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
    .map((headers) => ({ ...QUIET, headers })),
);

describe('anything at all', () => {
  it('as a body is answered, and never with a server error', async () => {
    const { api } = await startTestWaybill('postgres');
    const { webhookPath } = await furnish(api);
    const answered = async (answer: Promise<ApiAnswer>): Promise<void> => {
      const { status, text } = await answer;
      expect(status, text).toBeLessThan(500);
    };
    await fc.assert(
      fc.asyncProperty(anyEvent, anyWebhook, async (event, webhook) => {
        await answered(api.post(EVENTS, JSON.stringify(event)));
        await answered(api.post(WEBHOOKS, JSON.stringify(webhook)));
        await answered(api.patch(webhookPath, JSON.stringify(webhook)));
      }),
      FUZZ,
    );
    for (const path of [EVENTS, WEBHOOKS, DELIVERIES]) expect((await api.get(path)).status).toBe(200);
  });

  it('as a query or an id is answered, and never with a server error', async () => {
    const { api } = await startTestWaybill('postgres');
    await furnish(api);
    const names = [
      'limit',
      'cursor',
      'type',
      'subject',
      'channel',
      'status',
      'webhookId',
      'eventId',
      'eventType',
      'from',
      'to',
    ];
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string().map((text) => Buffer.from(text).toString('base64url')),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    // As a URL holds it: a lone surrogate can't be encoded, and is sent as what a careless client makes of it.
    const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
    const anyPath = fc.oneof(
      fc
        .record({
          path: fc.constantFrom(EVENTS, DELIVERIES, WEBHOOKS),
          name: fc.constantFrom(...names),
          text: anyText,
        })
        .map(({ path, name, text }) => `${path}?${name}=${encoded(text)}`),
      fc
        .record({ path: fc.constantFrom(EVENTS, DELIVERIES, WEBHOOKS), text: anyText })
        .map(({ path, text }) => `${path}/${encoded(text)}`),
      anyText.map((text) => `/v1/accounts/${encoded(text)}/events`),
    );
    await fc.assert(
      fc.asyncProperty(anyPath, async (path) => {
        expect((await api.get(path)).status, path).toBeLessThan(500);
      }),
      FUZZ,
    );
  });
});
