import { describe, expect, it } from 'vitest';
import { checkPreset, type Surroundings } from './check.ts';
import { documentFromText } from './document.ts';
import type { Flaw } from './flaws.ts';
import type { Preset } from './preset.ts';

const SIGNATURE = {
  header: 'X-Acme-Signature',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  content: '{body}',
  each: '{signature}',
  secrets: 'first',
};

const PROFILE = {
  body: [
    { name: 'event', value: 'event.type' },
    { name: 'content', value: 'event.payload' },
  ],
  headers: { 'X-Acme-Id': '{event.id}' },
  signatures: [SIGNATURE],
};

const ORDER = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    address: { $ref: '#/$defs/Address' },
    items: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
    extra: { type: 'object' },
  },
  required: ['id'],
};

const SHORT_ORDER = {
  type: 'object',
  properties: { order: { type: 'string', maxLength: 5 } },
  required: ['order'],
};

const SAMPLE = { id: 'A-1', address: { city: 'X' } };

const CREATED = {
  name: 'order.created',
  schema: ORDER,
  sample: SAMPLE,
  payload: ['id', { name: 'city', from: 'address.city' }, { name: 'lines', count: 'items' }],
};

const MOVED = {
  name: 'order.moved',
  schema: ORDER,
  sample: SAMPLE,
  versions: {
    '2025-10': { payload: ['id'] },
    '2026-04': { schema: SHORT_ORDER, payload: [{ name: 'order', from: 'id' }] },
  },
};

const BARE = { name: 'acme', title: 'Acme', description: 'Deliveries.' };

const ACME = {
  ...BARE,
  profile: PROFILE,
  payloadVersion: '2025-10',
  policies: { validation: 'warn', unknownTypes: 'reject' },
  $defs: {
    Address: { type: 'object', properties: { city: { $ref: '#/$defs/City' } } },
    City: { type: 'string' },
  },
  eventTypes: [CREATED, MOVED],
};

const SURROUNDINGS: Surroundings = { builtIn: false, hasProfile: (name) => name === 'standard-webhooks' };

function check(document: unknown, surroundings: Surroundings) {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const parsed = documentFromText(text, 'acme.json');
  return Array.isArray(parsed) ? { flaws: parsed } : checkPreset(parsed, surroundings);
}

function presetOf(document: unknown, surroundings = SURROUNDINGS): Preset {
  const outcome = check(document, surroundings);
  if ('preset' in outcome) return outcome.preset;
  throw new Error(JSON.stringify(outcome.flaws));
}

/** All that is wrong with a document, each with its path; the file is always the same. */
function flawsOf(document: unknown): [path: string, message: string][] {
  const outcome = check(document, SURROUNDINGS);
  const flaws: readonly Flaw[] = 'flaws' in outcome ? outcome.flaws : [];
  for (const { file } of flaws) expect(file).toBe('acme.json');
  return flaws.map(({ path, message }) => [path, message]);
}

const withTypes = (...eventTypes: readonly object[]) => ({ ...ACME, payloadVersion: undefined, eventTypes });
const withType = (more: object) => withTypes({ name: 'a', ...more });
const withProfile = (more: object) => ({ ...ACME, profile: { ...PROFILE, ...more } });

describe('a preset', () => {
  it('that is right is taken with everything it has', () => {
    const { eventTypes, ...preset } = presetOf(ACME);
    expect(preset).toMatchObject({
      ...BARE,
      builtIn: false,
      isDefault: false,
      payloadVersion: '2025-10',
      policies: { validation: 'warn', unknownTypes: 'reject' },
    });
    expect([...eventTypes.keys()]).toEqual(['order.created', 'order.moved']);
    expect([...(eventTypes.get('order.moved')?.versions.keys() ?? [])]).toEqual(['2025-10', '2026-04']);
    // A schema stands alone, with what it refers to through others.
    expect(eventTypes.get('order.created')?.schema).toEqual({ ...ORDER, $defs: ACME.$defs });
  });

  it('needs no profile, event types or policies', () => {
    const policies = { validation: 'off', unknownTypes: 'off' };
    expect(presetOf(BARE)).toMatchObject({ profile: null, payloadVersion: null, policies });
  });

  it('may share a profile that there is', () => {
    expect(presetOf({ ...ACME, profile: 'standard-webhooks' }).profile).toBe('standard-webhooks');
    expect(flawsOf({ ...ACME, profile: 'nobody' })).toEqual([['profile', 'there is no profile nobody']]);
  });

  it('is the default one only if it comes along', () => {
    const document = { ...ACME, default: true };
    expect(flawsOf(document)).toEqual([['default', 'is for the one that comes along']]);
    expect(presetOf(document, { ...SURROUNDINGS, builtIn: true }).isDefault).toBe(true);
  });

  it('is told all of its flaws at once', () => {
    const headers = { Host: 'x', 'X-A': '', 'x-a': '' };
    const malformed = { ...withProfile({ sign: true, success: [] }), title: '', extra: 1 };
    const paths = (document: unknown): string[] => flawsOf(document).map(([path]) => path);
    expect(paths(malformed)).toEqual(['title', 'profile.success', 'profile.sign', 'extra']);
    expect(paths(withProfile({ headers }))).toEqual(['profile.headers.Host', 'profile.headers.x-a']);
  });

  it.each([
    ['no name', { ...BARE, name: undefined }, 'name', 'is missing'],
    ['a name with a capital', { ...BARE, name: 'Acme' }, 'name', 'must be lower-case words joined by -'],
    ['a list', [BARE], '', 'must be object, not array'],
    ['nothing', null, '', 'must be object, not null'],
    ['an unknown member', { ...BARE, events: [] }, 'events', 'is not a known field'],
    [
      'an unknown policy',
      { ...BARE, policies: { validation: 'fail' } },
      'policies.validation',
      'must be "off" or "warn" or "reject"',
    ],
    [
      'a version no payload has',
      { ...ACME, payloadVersion: '2027-01' },
      'payloadVersion',
      'must be one of 2025-10, 2026-04',
    ],
  ])('with %s is refused', (_what, document, path, message) => {
    expect(flawsOf(document)).toEqual([[path, message]]);
  });

  it.each([
    ['itself', { ...BARE, PROTO: {} }, '__proto__'],
    ['its profile', withProfile({ PROTO: { body: 'event.data' } }), 'profile.__proto__'],
    ['its headers', withProfile({ headers: { PROTO: 'x' } }), 'profile.headers.__proto__'],
    ['its definitions', { ...BARE, $defs: { PROTO: {} } }, '$defs.__proto__'],
    [
      'a schema',
      withType({ schema: { properties: { PROTO: {} } } }),
      'eventTypes[0].schema.properties.__proto__',
    ],
    ['versions', withType({ versions: { PROTO: {} } }), 'eventTypes[0].versions.__proto__'],
    ['a sample', withType({ sample: [1, { PROTO: 1 }] }), 'eventTypes[0].sample[1].__proto__'],
  ])('with a member __proto__ in %s is refused', (_what, document, path) => {
    const text = JSON.stringify(document).replace('"PROTO"', '"__proto__"');
    expect(flawsOf(text)).toEqual([[path, 'is not a known field']]);
  });
});

describe('a schema', () => {
  it.each([
    ['of an unknown type', { type: 'strin' }, 'must be equal to one of the allowed values'],
    ['with an unknown keyword', { maxLenght: 5 }, 'unknown keyword: "maxLenght"'],
    ['with an unknown format', { type: 'string', format: 'date-tiem' }, 'unknown format "date-tiem"'],
    ['with a pattern that is none', { type: 'string', pattern: '(' }, 'Invalid regular expression: /(/'],
    [
      'of an older draft',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      'no schema with key or ref',
    ],
    [
      'that is somewhere else',
      { $ref: 'https://example.com/a' },
      "can't resolve reference https://example.com/a",
    ],
    ['in a file beside it', { items: { $ref: 'order.json' } }, "can't resolve reference order.json"],
    ['that nobody has defined', { $ref: '#/$defs/Adress' }, "can't resolve reference #/$defs/Adress"],
    ['named like a member of every object', { $ref: '#/$defs/toString' }, ''],
  ])('%s is refused, of data and of a payload', (_what, schema, reason) => {
    const documents = {
      schema: withType({ schema }),
      'versions.v2.schema': withType({ versions: { v1: {}, v2: { schema } } }),
    };
    for (const [place, document] of Object.entries(documents)) {
      const flaws = flawsOf(document);
      expect(flaws.map(([path]) => path)).toEqual([`eventTypes[0].${place}`]);
      expect(flaws[0]?.[1]).toMatch(/^is not a JSON Schema: ./);
      expect(flaws[0]?.[1]).toContain(reason);
    }
  });

  it.each(['string', [], 5, null])('that is %j is refused', (schema) => {
    const reason = 'must be a JSON Schema: an object, true or false';
    expect(flawsOf(withType({ schema }))).toEqual([['eventTypes[0].schema', reason]]);
  });

  it('that several types share is judged where it is defined', () => {
    const $defs = { Good: { $ref: '#/$defs/City' }, City: true, Bad: { $ref: 'https://example.com/x' } };
    const flaws = flawsOf({ ...withType({ schema: { $ref: '#/$defs/Good' } }), $defs });
    expect(flaws.map(([path]) => path)).toEqual(['$defs.Bad']);
    expect(flaws[0]?.[1]).toContain("can't resolve reference https://example.com/x");
  });
});

describe('an event type', () => {
  it('is there once', () => {
    const message = 'order.created is there already, as eventTypes[0]';
    const flaws = flawsOf(withTypes(CREATED, MOVED, { name: 'order.created', sample: 1 }));
    expect(flaws).toEqual([['eventTypes[2].name', message]]);
  });

  it.each([
    ['a name that is none', { name: 'order..created' }, '.name', 'must be words of letters'],
    ['no name', { name: undefined }, '.name', 'is missing'],
    ['an unknown member', { exmaple: {} }, '.exmaple', 'is not a known field'],
    [
      'a payload beside versions',
      { payload: ['id'], versions: { v1: {} } },
      '',
      'has a payload beside versions',
    ],
    ['a version with a space', { versions: { 'v 1': {} } }, '.versions["v 1"]', 'must be letters, digits'],
  ])('with %s is refused', (_what, more, path, reason) => {
    const flaws = flawsOf(withType(more));
    expect(flaws).toEqual([[`eventTypes[0]${path}`, expect.stringContaining(reason)]]);
  });

  it('has a sample that fits the schema', () => {
    expect(flawsOf(withTypes({ ...CREATED, sample: { address: { city: 5 } } }))).toEqual([
      ['eventTypes[0].sample.id', 'is missing [required]'],
      ['eventTypes[0].sample.address.city', 'must be string [type]'],
    ]);
  });

  it('has a sample whose payload in each version fits the schema of that', () => {
    const message = 'must NOT have more than 5 characters (payload version 2026-04) [maxLength]';
    const flaws = [['eventTypes[1].sample.order', message]];
    const tooLong = { ...MOVED, sample: { id: 'A-12345' } };
    expect(flawsOf(withTypes(CREATED, tooLong))).toEqual(flaws);
    expect(flawsOf({ ...withTypes(CREATED, tooLong), payloadVersion: '2025-10' })).toEqual(flaws);
  });
});

describe('a field of a payload', () => {
  const problem = (name: string): string => `${name} is not in the schema of the data`;

  it.each([
    ['taken as it is', ['id', 'total'], '[1]', 'total'],
    ['from within an object', [{ name: 'x', from: 'address.zip' }], '[0]', 'address.zip'],
    ['that is counted', [{ name: 'n', count: 'parcels' }], '[0]', 'parcels'],
    ['in other letters', [{ name: 'x', from: 'ID', as: 'upperCase' }], '[0]', 'ID'],
    ['with members', [{ name: 'to', fields: ['city'] }], '[0]', 'to'],
  ])('%s must be in the schema', (_what, payload, path, name) => {
    const flaws = flawsOf(withType({ schema: ORDER, payload }));
    expect(flaws).toEqual([[`eventTypes[0].payload${path}`, problem(name)]]);
  });

  it.each([
    ['an object', [{ name: 'address', fields: ['city', 'zip'] }], 'zip'],
    ['an item', [{ name: 'items', each: ['sku', 'qty'] }], 'qty'],
    [
      'an item from elsewhere',
      [{ name: 'lines', from: 'items', each: [{ name: 'n', count: 'parts' }] }],
      'parts',
    ],
  ])('of %s must be in its schema, also through a definition', (_what, payload, name) => {
    const flaws = flawsOf(withType({ schema: ORDER, payload }));
    expect(flaws).toEqual([[expect.stringMatching(/^eventTypes\[0\]\.payload\[0\]./), problem(name)]]);
  });

  it('is free where the schema says nothing, and where its value is given', () => {
    const payload = [
      { name: 'extra', fields: ['anything'] },
      { name: 'version', const: 2 },
    ];
    expect(flawsOf(withType({ schema: ORDER, payload }))).toEqual([]);
    expect(flawsOf(withType({ schema: { type: 'object' }, payload: ['anything'] }))).toEqual([]);
    expect(flawsOf(withType({ payload: ['anything'] }))).toEqual([]);
  });

  it('of one version must be in the schema of the data, not in that of the payload', () => {
    const versions = { v1: { schema: { properties: { total: {} } }, payload: ['total'] } };
    const flaws = flawsOf(withType({ schema: ORDER, versions }));
    expect(flaws).toEqual([['eventTypes[0].versions.v1.payload[0]', problem('total')]]);
  });

  it('is there once', () => {
    const flaws = flawsOf(withType({ payload: ['id', { name: 'id', from: 'address.city' }] }));
    expect(flaws).toEqual([['eventTypes[0].payload[1]', 'id is there twice']]);
  });
});

describe('a profile', () => {
  const body = (...fields: readonly unknown[]) => ({ body: fields });
  const header = (value: string, name = 'X-A') => ({ headers: { [name]: value } });
  const signed = (more: object) => ({ signatures: [{ ...SIGNATURE, ...more }] });
  const NO_JSON = 'is not a JSON envelope: it must be "event.data", or a list of members';
  const ONE_LINE = 'must be visible ASCII in one line';
  const unknown = (name: string): string => `${name} is not a field that can be referred to`;
  const misplaced = (name: string): string => `{${name}} can't be referred to here`;

  it.each([
    ['an envelope in XML', { body: '<event>{event.type}</event>' }, 'body', NO_JSON],
    ['an envelope that is a text', { body: '{"event": "{event.type}"}' }, 'body', NO_JSON],
    ['an envelope that is an object', { body: { event: 'event.type' } }, 'body', NO_JSON],
    ['no member', body(), 'body', 'Too small: expected array to have >=1 items'],
    ['an unknown field', body({ name: 'a', value: 'event.kind' }), 'body[0].value', unknown('event.kind')],
    [
      'an unknown list',
      body({ name: 'a', value: { count: 'rows' } }),
      'body[0].value.count',
      unknown('rows'),
    ],
    [
      'a signature in the body',
      body({ name: 'a', value: 'signature' }),
      'body[0].value',
      unknown('signature'),
    ],
    ['an unknown field in a header', header('{event.kind}'), 'headers.X-A', misplaced('event.kind')],
    ['a payload in a header', header('{event.payload}'), 'headers.X-A', misplaced('event.payload')],
    ['a signature in a header', header('{signature}'), 'headers.X-A', misplaced('signature')],
    ['the body in each signature', signed({ each: '{body}' }), 'signatures[0].each', misplaced('body')],
    ['a header with a line break', header('a\nX-B: b'), 'headers.X-A', ONE_LINE],
    ['a header with a carriage return', header('{event.id}\r'), 'headers.X-A', ONE_LINE],
    ['a header that ends too soon', header('{event.id'), 'headers.X-A', 'has a brace without its other half'],
    ['a header that is no name', header('a', 'X A'), 'headers["X A"]', 'is not a header name'],
    ['a signature with a line break', signed({ value: '{signatures}\n' }), 'signatures[0].value', ONE_LINE],
    ['a user agent with a line break', { userAgent: 'Acme\r\nX-B: b' }, 'userAgent', ONE_LINE],
    ['an unknown key', signed({ key: 'pem' }), 'signatures[0].key', 'must be "text" or "whsec" or "whsk"'],
    [
      'an unknown action',
      { failing: { actions: ['alert', 'mail'] } },
      'failing.actions[1]',
      'must be "mark" or "alert" or "disable"',
    ],
    ['an unknown member', { retries: 3 }, 'retries', 'is not a known field'],
    [
      'a member twice',
      body({ name: 'a', value: 'event.id' }, { name: 'a', value: 'event.type' }),
      'body[1].name',
      'a is there twice',
    ],
    [
      'Ed25519 and a shared secret',
      signed({ algorithm: 'ed25519' }),
      'signatures[0]',
      'ed25519 signs with a key of the kind whsk, and nothing else does',
    ],
    [
      'shared secrets and private keys',
      { signatures: [SIGNATURE, { ...SIGNATURE, header: 'X-B', algorithm: 'ed25519', key: 'whsk' }] },
      '',
      'signs with whsk keys and with shared secrets: a webhook has secrets of one kind',
    ],
  ])('with %s is refused', (_what, more, path, message) => {
    expect(flawsOf(withProfile(more))).toEqual([[path === '' ? 'profile' : `profile.${path}`, message]]);
  });

  it.each([
    ['Content-Length', 'is reserved: Waybill sets it itself'],
    ['host', 'is reserved: Waybill sets it itself'],
    ['Content-Type', 'is reserved: Waybill sets it itself'],
    ['USER-AGENT', 'is reserved: Waybill sets it itself'],
    ['Transfer-Encoding', 'is reserved: Waybill sets it itself'],
    ['Proxy-Anything', 'is reserved: Waybill sets it itself'],
    ['authorization', 'is for credentials, which are not kept in plain headers'],
    ['Cookie', 'is for credentials, which are not kept in plain headers'],
  ])('that sets %s is refused, as a header and as that of a signature', (name, message) => {
    expect(flawsOf(withProfile(header('x', name)))).toEqual([[`profile.headers.${name}`, message]]);
    const flaws = flawsOf(withProfile(signed({ header: name })));
    expect(flaws).toEqual([['profile.signatures[0].header', message]]);
  });

  it('that sets one which can get too long is refused', () => {
    const [flaw] = flawsOf(withProfile(header('{event.data.a}'.repeat(40))));
    expect(flaw?.[0]).toBe('profile.headers.X-A');
  });

  it('may set the headers of Standard Webhooks', () => {
    expect(flawsOf(withProfile(header('{event.id}', 'webhook-id')))).toEqual([]);
    expect(flawsOf(withProfile(signed({ header: 'Webhook-Signature' })))).toEqual([]);
  });

  it('that sets a header twice is refused, whatever the letters', () => {
    const headers = { 'X-Acme-Id': 'a', 'x-ACME-id': 'b' };
    const twice = flawsOf(withProfile({ headers }));
    expect(twice).toEqual([['profile.headers.x-ACME-id', 'x-ACME-id is set twice']]);
    const beside = flawsOf(withProfile(header('a', 'x-acme-signature')));
    expect(beside).toEqual([['profile.signatures[0].header', 'X-Acme-Signature is set twice']]);
    const signatures = [SIGNATURE, { ...SIGNATURE, header: 'x-acme-SIGNATURE' }];
    const signedTwice = flawsOf(withProfile({ signatures }));
    expect(signedTwice).toEqual([['profile.signatures[1].header', 'x-acme-SIGNATURE is set twice']]);
  });
});
