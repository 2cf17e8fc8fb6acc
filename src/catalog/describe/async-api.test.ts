import { describe, expect, it } from 'vitest';
import { createPreset } from '../preset.ts';
import { presetFileSchema } from '../preset-file.ts';
import { describeWebhooksAsync } from './async-api.ts';

const FILE = {
  name: 'acme',
  title: 'Acme',
  description: 'Acme sends what happens.',
  profile: {
    body: [{ name: 'data', value: 'event.data' }],
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
  },
  $defs: { Id: { type: 'integer' } },
  eventTypes: [
    {
      name: 'order.created',
      group: 'All orders',
      title: 'Order created',
      schema: { $ref: '#/$defs/Id', minimum: 1 },
      sample: 7,
      deprecated: true,
    },
    { name: 'ping' },
  ],
};

function documentOf(more: object = {}) {
  const file = { ...FILE, ...more };
  const preset = createPreset(presetFileSchema.parse(file), file, false);
  const { profile } = preset;
  if (profile === null || typeof profile === 'string') throw new Error('no profile');
  const described = {
    preset,
    format: profile,
    eventTypes: preset.eventTypes.values(),
    version: null,
    retrySchedule: [60],
  };
  return JSON.parse(JSON.stringify(describeWebhooksAsync(described)));
}

describe('the AsyncAPI document of webhooks', () => {
  it('sends each event type as a message of its own to one channel', () => {
    const { asyncapi, channels, operations } = documentOf();
    expect(asyncapi).toBe('3.0.0');
    expect(Object.keys(channels)).toEqual(['webhook']);
    expect(channels.webhook).not.toHaveProperty('address');
    expect(Object.keys(channels.webhook.messages)).toEqual(['order.created', 'ping']);
    expect(operations['order.created']).toMatchObject({
      action: 'send',
      channel: { $ref: '#/channels/webhook' },
      messages: [{ $ref: '#/channels/webhook/messages/order.created' }],
      security: [{ $ref: '#/components/securitySchemes/X-Signature' }],
    });
  });

  it('shows the body and the headers that the engine makes of the sample', () => {
    const { headers, payload, examples, description } =
      documentOf().channels.webhook.messages['order.created'];
    expect(examples).toHaveLength(1);
    expect(examples[0].payload).toEqual({ data: 7 });
    expect(Object.keys(examples[0].headers)).toEqual(headers.required);
    expect(headers.required).toEqual(['User-Agent', 'X-Signature']);
    expect(payload.properties).toEqual({
      data: { minimum: 1, allOf: [{ $ref: '#/components/schemas/Id' }] },
    });
    expect(description).toMatch(/^Deprecated/);
  });

  it('shows no example of a type that has no sample', () => {
    expect(documentOf().channels.webhook.messages.ping).not.toHaveProperty('examples');
  });

  it('tells each tag once, whatever the group is called', () => {
    const { info, components, operations } = documentOf();
    const reference = { $ref: '#/components/tags/All_orders' };
    expect(components.tags).toEqual({
      All_orders: { name: 'All orders', description: 'Events of the group All orders.' },
    });
    expect(info.tags).toEqual([reference]);
    expect(operations['order.created'].tags).toEqual([reference]);
    expect(operations.ping).not.toHaveProperty('tags');
  });

  it('names no security where nothing signs', () => {
    const { operations, components } = documentOf({ profile: { ...FILE.profile, signatures: [] } });
    expect(operations.ping).not.toHaveProperty('security');
    expect(components.securitySchemes).toEqual({});
  });

  it('is the same, byte for byte, each time', () => {
    expect(JSON.stringify(documentOf())).toBe(JSON.stringify(documentOf()));
  });

  it('takes any name of a group', () => {
    const eventTypes = ['__proto__', 'constructor'].map((group) => ({
      name: group.replaceAll('_', ''),
      group,
    }));
    const { info, components, channels } = JSON.parse(JSON.stringify(documentOf({ eventTypes })));
    const tags = info.tags.map(
      ({ $ref }: { $ref: string }) => components.tags[$ref.split('/').at(-1) ?? ''].name,
    );
    expect(tags).toEqual(['__proto__', 'constructor']);
    expect(channels.webhook.messages.proto.tags).toEqual([info.tags[0]]);
  });
});
