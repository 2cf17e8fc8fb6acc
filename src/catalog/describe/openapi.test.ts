import { describe, expect, it } from 'vitest';
import { createPreset, type Preset } from '../preset.ts';
import { presetFileSchema } from '../preset-file.ts';
import type { Described } from './described.ts';
import { describeWebhooks } from './openapi.ts';

const PROFILE = {
  body: [
    { name: 'type', value: 'event.type' },
    { name: 'data', value: 'event.payload' },
  ],
  headers: { 'X-Id': '{event.id}', 'X-Time': '{attempt.timestamp}' },
  signatures: [
    {
      header: 'X-Signature',
      algorithm: 'hmac-sha256',
      encoding: 'hex',
      key: 'text',
      content: '{body}',
      each: '{signature}',
      secrets: 'first',
    },
  ],
  success: [200],
};
const EVENT_TYPES = [
  {
    name: 'order.created',
    group: 'Orders',
    title: 'Order created',
    description: 'An order has come in.',
    schema: { type: 'object', properties: { id: { $ref: '#/$defs/Id' } }, required: ['id'] },
    sample: { id: 7, note: 'in a hurry' },
    versions: { 1: { payload: ['id'] }, 2: { schema: { type: 'object' } } },
  },
  { name: 'order.lost', group: 'Orders', versions: { 1: {} }, deprecated: true },
  { name: 'ping', schema: { $ref: '#/$defs/Id', $defs: { Id: { type: 'string' } } }, sample: 'pong' },
];

function presetOf(more: object = {}, builtIn = false): Preset {
  const file = {
    name: 'acme',
    title: 'Acme',
    description: 'Acme sends what happens.',
    payloadVersion: '1',
    profile: PROFILE,
    $defs: { Id: { type: 'integer' } },
    eventTypes: EVENT_TYPES,
    ...more,
  };
  return createPreset(presetFileSchema.parse(file), file, builtIn);
}

function documentOf(more: Partial<Described> = {}) {
  const preset = more.preset ?? presetOf();
  const { profile } = preset;
  if (profile === null || typeof profile === 'string') throw new Error('no profile');
  const described = {
    preset,
    format: profile,
    eventTypes: preset.eventTypes.values(),
    version: null,
    ...more,
  };
  return JSON.parse(JSON.stringify(describeWebhooks({ retrySchedule: [60], ...described })));
}

describe('the OpenAPI document of webhooks', () => {
  it('has an entry for each event type, under its name', () => {
    const { openapi, webhooks, tags } = documentOf();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(webhooks)).toEqual(['order.created', 'order.lost', 'ping']);
    expect(tags).toEqual([{ name: 'Orders', description: 'Events of the group Orders.' }]);
    expect(webhooks['order.created'].post).toMatchObject({
      operationId: 'order.created',
      summary: 'Order created',
      description: 'An order has come in.\n\nThe payload is that of version 1.',
      tags: ['Orders'],
    });
    expect(webhooks['order.created'].post).not.toHaveProperty('deprecated');
    expect(webhooks['order.lost'].post).toMatchObject({ summary: 'order.lost', deprecated: true });
    expect(webhooks.ping.post).not.toHaveProperty('tags');
  });

  it('shows the body and the headers that the engine makes of the sample', () => {
    const { parameters, requestBody } = documentOf().webhooks['order.created'].post;
    const { example, schema } = requestBody.content['application/json'];
    expect(example).toEqual({ type: 'order.created', data: { id: 7 } });
    expect(schema.properties.data.properties).toEqual({ id: { $ref: '#/components/schemas/Id' } });
    const examples = parameters.map((one: { name: string; example: unknown }) => [one.name, one.example]);
    expect(examples).toEqual([
      ['User-Agent', expect.stringMatching(/^Waybill\//)],
      ['X-Id', 'evt_0195f1a2b3c47d5e8f60718293a4b5c6'],
      ['X-Time', 1_773_412_205],
      ['X-Signature', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ]);
    expect(parameters).toContainEqual({
      name: 'X-Time',
      in: 'header',
      required: true,
      description: 'When this request was made, in seconds since 1970.',
      schema: { type: 'integer' },
      example: 1_773_412_205,
    });
  });

  it('shows no examples of a type that has no sample', () => {
    const { parameters, requestBody } = documentOf().webhooks['order.lost'].post;
    expect(requestBody.content['application/json']).not.toHaveProperty('example');
    expect(parameters.some((one: object) => 'example' in one)).toBe(false);
  });

  it('keeps definitions of one name apart if they say different things', () => {
    const { components, webhooks } = documentOf();
    expect(components.schemas).toEqual({ Id: { type: 'integer' }, Id_2: { type: 'string' } });
    const { schema } = webhooks.ping.post.requestBody.content['application/json'];
    expect(schema.properties.data).toEqual({ $ref: '#/components/schemas/Id_2' });
  });

  it('has an entry for each version of a type if asked, where payloads are sent', () => {
    const { webhooks } = documentOf({ told: 'every' });
    expect(Object.keys(webhooks)).toEqual(['order.created@1', 'order.created@2', 'order.lost', 'ping']);
    const bodyOf = (name: string) => webhooks[name].post.requestBody.content['application/json'];
    expect(bodyOf('order.created@1').example.data).toEqual({ id: 7 });
    expect(bodyOf('order.created@2').example.data).toEqual({ id: 7, note: 'in a hurry' });
    const plain = presetOf({ profile: { ...PROFILE, body: 'event.data' } });
    expect(Object.keys(documentOf({ preset: plain, told: 'every' }).webhooks)).toEqual([
      'order.created',
      'order.lost',
      'ping',
    ]);
  });

  it('has all types as a webhook gets them that pins a version which not all of them have', () => {
    expect(Object.keys(documentOf({ version: '2' }).webhooks)).toEqual(['order.created', 'ping']);
    const { webhooks } = documentOf({ version: '2', told: 'sent' });
    expect(Object.keys(webhooks)).toEqual(['order.created', 'order.lost', 'ping']);
    expect(webhooks['order.lost'].post.description).toContain('version 1');
  });

  it('tells what comes of each answer', () => {
    const { components, webhooks } = documentOf();
    const responses = webhooks.ping.post.responses;
    expect(Object.keys(responses).sort()).toEqual(['200', '2XX', '3XX', '410', '429', '4XX', '503', '5XX']);
    for (const status of Object.keys(responses)) {
      expect(responses[status]).toEqual({ $ref: `#/components/responses/${status}` });
    }
    expect(components.responses['200'].description).toBe('Taken: it is not sent again.');
    expect(components.responses['410'].description).toContain('the webhook is disabled');
    for (const status of ['2XX', '3XX', '429', '4XX', '503', '5XX']) {
      expect(components.responses[status].description).toContain('repeated once, after about 1 min.');
    }
  });

  it('any 2xx is a success if the wire format says nothing else', () => {
    const { components } = documentOf({ preset: presetOf({ profile: { ...PROFILE, success: '2xx' } }) });
    expect(components.responses['2XX'].description).toBe('Taken: it is not sent again.');
    expect(components.responses).not.toHaveProperty('200');
  });

  it('demands the header that signs', () => {
    const { components, security } = documentOf();
    expect(components.securitySchemes).toMatchObject({
      'X-Signature': { type: 'apiKey', in: 'header', name: 'X-Signature' },
    });
    expect(security).toEqual([{ 'X-Signature': [] }]);
    const unsigned = documentOf({ preset: presetOf({ profile: { ...PROFILE, signatures: [] } }) });
    expect(unsigned.components).not.toHaveProperty('securitySchemes');
    expect(unsigned.security).toEqual([]);
  });

  it('is the same, byte for byte, each time', () => {
    expect(JSON.stringify(documentOf())).toBe(JSON.stringify(documentOf()));
  });
});

describe('the version asked for', () => {
  it('leaves out event types that do not have it, and keeps those without versions', () => {
    const { info, webhooks } = documentOf({ version: '2' });
    expect(info.version).toBe('2');
    expect(Object.keys(webhooks)).toEqual(['order.created', 'ping']);
    const { example, schema } = webhooks['order.created'].post.requestBody.content['application/json'];
    expect(schema.properties.data).toEqual({ type: 'object' });
    expect(example.data).toEqual({ id: 7, note: 'in a hurry' });
  });

  it('is the usual one if none is asked for', () => {
    expect(documentOf().info).toMatchObject({ title: 'Acme webhooks', version: '1' });
    expect(documentOf({ preset: presetOf({ payloadVersion: undefined }) }).info.version).toBe('1.0.0');
  });
});

describe('what the document says of itself', () => {
  it("tells the preset's description, how to check signatures, and how to answer", () => {
    const { description } = documentOf().info;
    expect(description).toMatch(/^Acme sends what happens\.\n\n## Signature\n\n.*`X-Signature`/);
    expect(description).toMatch(/\n\n## Answers\n\nAnswer with 200 OK/);
  });

  it('has a license only if the preset comes along', () => {
    expect(documentOf().info).not.toHaveProperty('license');
    expect(documentOf({ preset: presetOf({}, true) }).info.license).toMatchObject({ name: 'Apache-2.0' });
  });

  it('is whole without any event type', () => {
    const { webhooks, components } = documentOf({ eventTypes: [] });
    expect(webhooks).toEqual({});
    expect(Object.keys(components)).toEqual(['securitySchemes']);
  });

  it('tells only the later one of two event types with one name', () => {
    const preset = presetOf();
    const own = presetOf({ eventTypes: [{ name: 'ping', title: 'Our own' }] });
    const { webhooks } = documentOf({
      preset,
      eventTypes: [...preset.eventTypes.values(), ...own.eventTypes.values()],
    });
    expect(webhooks.ping.post.summary).toBe('Our own');
  });
});
