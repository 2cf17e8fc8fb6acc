import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInPresets } from './built-in.ts';
import { diffPresets, type Side } from './diff.ts';
import type { Finding } from './diff-finding.ts';
import { createPreset, payloadVersionsOf } from './preset.ts';
import { presetFileSchema } from './preset-file.ts';

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
    { name: 'time', value: 'event.time' },
    { name: 'data', value: 'event.payload' },
  ],
  headers: { 'X-Acme-Id': '{event.id}' },
  signatures: [SIGNATURE],
};
const text = { type: 'string' };

/** A preset as it would stand in a file. */
interface Written {
  readonly profile?: object;
  readonly eventTypes?: readonly object[];
  readonly payloadVersion?: string;
}

function sideOf({ profile = {}, ...rest }: Written = {}, version: string | null = null): Side {
  const source = {
    name: 'acme',
    title: 'Acme',
    description: 'Acme.',
    profile: { ...PROFILE, ...profile },
    ...rest,
  };
  const preset = createPreset(presetFileSchema.parse(source), source, false);
  if (typeof preset.profile !== 'object' || preset.profile === null)
    throw new Error('it has a profile of its own');
  return { preset, format: preset.profile, version };
}

function lines(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ path, breaking, message }) => `${breaking ? 'BREAKS' : 'keeps'} ${path}: ${message}`,
  );
}

const told = (old: Written, next: Written): string[] => lines(diffPresets(sideOf(old), sideOf(next)));
/** Of two wire formats that are like the one above but for these parts. */
const toldOf = (old: object, next: object): string[] => told({ profile: old }, { profile: next });

describe('event types', () => {
  const type = (name: string, more: object = {}) => ({ name, ...more });
  const withSchema = (properties: object, more: object = {}) => ({
    eventTypes: [type('order.created', { schema: { type: 'object', properties }, ...more })],
  });

  it('that are gone break receivers, new ones do not', () => {
    expect(told({ eventTypes: [type('a'), type('b.c')] }, { eventTypes: [type('b_c'), type('d')] })).toEqual([
      'BREAKS a: is gone',
      'BREAKS b.c: is gone; perhaps it is b_c now',
      'keeps b_c: is a new event type',
      'keeps d: is a new event type',
    ]);
  });

  it('that lose a payload version break those who pin it, unless two versions are compared', () => {
    const versioned = (...versions: string[]) => ({
      eventTypes: [type('a', { versions: Object.fromEntries(versions.map((one) => [one, {}])) })],
    });
    expect(told(versioned('v1', 'v2'), versioned('v2', 'v3'))).toEqual([
      'BREAKS a: payload version v1: is gone: receivers that pin it get v3',
    ]);
    expect(told(versioned('v1'), { eventTypes: [type('a')] })).toEqual([
      'BREAKS a: payload version v1: is gone: receivers that pin it get the one form there is',
    ]);
    expect(told(versioned('v1'), versioned('v1', 'v2'))).toEqual([]);
    const [old, next] = [sideOf(versioned('v1', 'v2'), 'v1'), sideOf(versioned('v2'), 'v2')];
    expect(lines(diffPresets(old, next))).toEqual([]);
  });

  it('differ by what is sent, told by its place in the body', () => {
    expect(
      told(withSchema({ id: text, sku: text }), withSchema({ id: { type: ['string', 'null'] } })),
    ).toEqual([
      'BREAKS order.created: data.id: may be null, and never was',
      'BREAKS order.created: data.sku: is gone',
    ]);
    const beside = {
      profile: { body: [{ name: 'event', value: 'event.type' }, { spread: 'event.payload' }] },
    };
    expect(
      told({ ...beside, ...withSchema({ id: text }) }, { ...beside, ...withSchema({ id: true }) }),
    ).toEqual(['BREAKS order.created: id: may be anything, and was string']);
  });

  it('do not differ by what is published and not sent', () => {
    const sent = { payload: ['id'] };
    expect(told(withSchema({ id: text, inner: text }, sent), withSchema({ id: text }, sent))).toEqual([]);
  });

  it('differ by a version of their payload, or the usual one', () => {
    const versions = { '1': { payload: ['id', 'code'] }, '2': { payload: ['id'] } };
    const both: Written = { payloadVersion: '1', ...withSchema({ id: text, code: text }, { versions }) };
    expect(lines(diffPresets(sideOf(both, '1'), sideOf(both, '2')))).toEqual([
      'BREAKS order.created: data.code: is gone',
    ]);
    expect(lines(diffPresets(sideOf(both, '2'), sideOf(both, '1')))).toEqual([
      'keeps order.created: data.code: is new',
    ]);
    expect(lines(diffPresets(sideOf(both), sideOf(both, '1')))).toEqual([]);
  });

  it('may be written in other letters, which their schemas do not show', () => {
    const cased = (as: string) => withSchema({ status: text }, { payload: [{ name: 'status', as }] });
    expect(told(cased('capitalized'), cased('upperCase'))).toEqual([
      'BREAKS order.created: data.status: is written in upper case, and was capitalized',
    ]);
  });

  it('may be taken from somewhere else: another member, or one that got another name', () => {
    const from = (name: string) => ({ payload: [{ name: 'price', from: name }] });
    const data = { gross: text, net: text };
    expect(told(withSchema(data, from('gross')), withSchema(data, from('net')))).toEqual([
      "BREAKS order.created: data.price: is the data's net, and was the data's gross",
    ]);
    expect(
      told(withSchema({ gross: text }, from('gross')), withSchema({ total: text }, from('total'))),
    ).toEqual([
      "keeps order.created: data.price: is the data's total, and was the data's gross: see that it means the same",
    ]);
  });

  it('may be told of otherwise', () => {
    const old = { eventTypes: [type('a', { title: 'A', description: 'One.' })] };
    expect(
      told(old, { eventTypes: [type('a', { title: 'B', description: 'Two.', deprecated: true })] }),
    ).toEqual([
      'keeps a: is deprecated now',
      'keeps a: has another title',
      'keeps a: has another description',
    ]);
  });

  it('that the catalog does not know differ by the rules of the wire format', () => {
    const rules = (...payload: string[]) => ({ payloads: [{ events: ['order.*'], payload }] });
    expect(toldOf(rules('id', 'code'), rules('id'))).toEqual(['BREAKS other events order.*: code: is gone']);
    expect(
      told(
        { profile: rules('id', 'code'), eventTypes: [type('order.x')] },
        { profile: rules('id'), eventTypes: [type('order.x')] },
      ),
    ).toContain('BREAKS order.x: data.code: is gone');
  });
});

describe('the body', () => {
  const body = (...fields: object[]) => ({ body: fields });
  const event = { name: 'event', value: 'event.type' };
  const data = { name: 'data', value: 'event.data' };

  it.each<[what: string, old: object, next: object, lines: string[]]>([
    ['a member that is gone', body(event, data), body(data), ['BREAKS body member event: is gone']],
    [
      'a member under another name',
      body(event, data),
      body({ ...event, name: 'type' }, data),
      ['BREAKS body member event: is type now'],
    ],
    [
      'a member that means something else',
      body({ name: 'at', value: 'event.time' }),
      body({ name: 'at', value: 'event.timestamp' }),
      ['BREAKS body member at: was event.time, and is event.timestamp'],
    ],
    [
      'another constant',
      body({ name: 'v', value: { const: 1 } }),
      body({ name: 'v', value: { const: 2 } }),
      ['BREAKS body member v: was 1, and is 2'],
    ],
    [
      'another count',
      body({ name: 'n', value: { count: 'event.data.a' } }),
      body({ name: 'n', value: { count: 'event.data.b' } }),
      ['BREAKS body member n: was the number of event.data.a, and is the number of event.data.b'],
    ],
    [
      'a new member',
      body(data),
      body(data, { name: 'id', value: 'event.id' }),
      ['keeps body member id: is new: event.id'],
    ],
    ['another order', body(event, data), body(data, event), []],
    [
      'the data in a member, and among the others',
      body(event, data),
      body(event, { spread: 'event.data' }),
      ['BREAKS body member data: is gone: its members stand beside the others'],
    ],
    [
      'the data among the others, and in a member',
      { body: 'event.data' },
      body(data),
      ["BREAKS body: has the members of the event's data in data, and had them beside the others"],
    ],
    [
      'the data, and nothing of it',
      { body: 'event.data' },
      body(event),
      [
        "BREAKS body: has the members of the event's data no more",
        'keeps body member event: is new: event.type',
      ],
    ],
    [
      'the data where it was named, and its payload, which may be the same',
      body(data),
      body({ name: 'data', value: 'event.payload' }),
      [],
    ],
  ])('%s', (_what, old, next, expected) => {
    expect(toldOf(old, next)).toEqual(expected);
  });

  it('may have a member of the data itself, which is null where the data has none', () => {
    const profile = body({ name: 'order', value: 'event.data.id' });
    const eventTypes = (required: string[]) => [
      { name: 'a', schema: { type: 'object', properties: { id: text, code: text }, required } },
    ];
    expect(
      told({ profile, eventTypes: eventTypes(['id', 'code']) }, { profile, eventTypes: eventTypes([]) }),
    ).toEqual(['BREAKS a: order: may be null, and never was']);
  });

  it('may give itself what the data had among its members', () => {
    const spread = { spread: 'event.data' };
    const old = {
      profile: body(event, spread),
      eventTypes: [{ name: 'a', schema: { type: 'object', properties: { count: text } } }],
    };
    const next = {
      profile: body(event, { name: 'count', value: { count: 'event.data.all' } }, spread),
      eventTypes: [{ name: 'a', schema: { type: 'object', properties: {} } }],
    };
    expect(told(old, next)).toEqual([
      'keeps body member count: is new: the number of event.data.all',
      'keeps a: count: is a member of the envelope now: see that it means the same',
    ]);
  });
});

describe('around the body', () => {
  const signed = (more: object) => ({ signatures: [{ ...SIGNATURE, ...more }] });

  it.each<[what: string, old: object, next: object, lines: string[]]>([
    ['a header that is gone', {}, { headers: {} }, ['BREAKS header X-Acme-Id: is gone']],
    [
      'a header with something else',
      {},
      { headers: { 'X-Acme-Id': '{delivery.id}' } },
      ['BREAKS header X-Acme-Id: was {event.id}, and is {delivery.id}'],
    ],
    ['a header in other letters', {}, { headers: { 'x-acme-id': '{event.id}' } }, []],
    ['a new header', { headers: {} }, {}, ['keeps header X-Acme-Id: is new']],
    ['a signature that is gone', {}, { signatures: [] }, ['BREAKS signature in X-Acme-Signature: is gone']],
    [
      'a signature in another header',
      {},
      signed({ header: 'X-New' }),
      ['BREAKS signature in X-Acme-Signature: is gone', 'keeps signature in X-New: is new'],
    ],
    [
      'another algorithm',
      {},
      signed({ algorithm: 'hmac-sha512' }),
      ['BREAKS signature in X-Acme-Signature: algorithm: was hmac-sha256, and is hmac-sha512'],
    ],
    [
      'another encoding',
      {},
      signed({ encoding: 'base64' }),
      ['BREAKS signature in X-Acme-Signature: encoding: was hex, and is base64'],
    ],
    [
      'another key',
      {},
      signed({ key: 'whsec' }),
      ['BREAKS signature in X-Acme-Signature: key: was text, and is whsec'],
    ],
    [
      'something else that is signed',
      {},
      signed({ content: '{event.id}.{body}' }),
      ['BREAKS signature in X-Acme-Signature: content: was {body}, and is {event.id}.{body}'],
    ],
    [
      'other words around it',
      {},
      signed({ each: 'v1={signature}' }),
      ['BREAKS signature in X-Acme-Signature: each: was {signature}, and is v1={signature}'],
    ],
    [
      'several signatures',
      {},
      signed({ secrets: 'all' }),
      ['BREAKS signature in X-Acme-Signature: secrets: was first, and is all'],
    ],
    [
      'another separator',
      signed({ secrets: 'all' }),
      signed({ secrets: 'all', separator: ',' }),
      ['BREAKS signature in X-Acme-Signature: separator: was " ", and is ","'],
    ],
    ['a separator of one', {}, signed({ separator: ',' }), []],
    [
      'fewer statuses that acknowledge',
      {},
      { success: [200] },
      ['BREAKS success statuses: was 2xx, and is 200'],
    ],
    [
      'other statuses that acknowledge',
      { success: [200] },
      { success: [204] },
      ['BREAKS success statuses: was 200, and is 204'],
    ],
    [
      'more statuses that acknowledge',
      { success: [200] },
      {},
      ['keeps success statuses: was 200, and is 2xx'],
    ],
    [
      'a batch that joins lists',
      {},
      { batch: { join: ['rows'] } },
      ['BREAKS batch: was array, and is {"join":["rows"]}'],
    ],
    ['https alone', {}, { httpsOnly: true }, ['BREAKS URLs: must be https, and could be http']],
    ['http too', { httpsOnly: true }, {}, ['keeps URLs: may be http, and had to be https']],
    ['other retries', {}, { retry: { schedule: [60] } }, ['keeps retries: was the usual one, and is [60]']],
    ['another agent', { userAgent: 'A/1' }, { userAgent: 'A/2' }, ['keeps User-Agent: was A/1, and is A/2']],
  ])('%s', (_what, old, next, expected) => {
    expect(toldOf(old, next)).toEqual(expected);
  });
});

it('a preset does not differ from itself, in any version', () => {
  const presets = [...builtInPresets().values()];
  const sides = presets.flatMap((preset): Side[] => {
    const format = typeof preset.profile === 'object' ? preset.profile : undefined;
    return format ? [null, ...payloadVersionsOf(preset)].map((version) => ({ preset, format, version })) : [];
  });
  expect(sides.length).toBeGreaterThan(5);
  for (const side of sides) expect(diffPresets(side, { ...side })).toEqual([]);
});

it('whatever a preset loses breaks receivers, and nothing else does', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 6 });
  const written = (types: readonly string[]): Written => ({ eventTypes: types.map((name) => ({ name })) });
  fc.assert(
    fc.property(names, names, (was, is) => {
      const breaking = diffPresets(sideOf(written(was)), sideOf(written(is))).filter((one) => one.breaking);
      expect(breaking.map(({ path }) => path)).toEqual(was.filter((name) => !is.includes(name)));
    }),
  );
});
