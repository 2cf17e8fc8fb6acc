import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/catalog/built-in.ts';
import { describeWebhooksAsync } from '../../src/catalog/describe/async-api.ts';
import { describeWebhooks } from '../../src/catalog/describe/openapi.ts';
import { type EventType, versionFor } from '../../src/catalog/event-type.ts';
import { bodySchemaOf } from '../../src/catalog/payload-schema.ts';
import { createPreset, createProfile, type Preset, payloadVersionsOf } from '../../src/catalog/preset.ts';
import { presetFileSchema } from '../../src/catalog/preset-file.ts';
import { compileSchema } from '../../src/catalog/schema.ts';
import { violationsOf } from '../../src/catalog/validate.ts';
import { DEFAULT_RETRY_SCHEDULE } from '../../src/dispatch/retry.ts';
import { renderBody } from '../../src/profile/engine.ts';
import { payloadVersionOf, type WireFormat } from '../../src/profile/profile.ts';

/** Rules of Redocly's recommended ones that can't be kept by a document of webhooks alone. */
const NOT_OF_WEBHOOKS = {
  // A webhook goes to the URL its receiver has set up: there is no server to name.
  'no-empty-servers': 'off',
} as const;

const config = await createConfig({ extends: ['recommended'], rules: NOT_OF_WEBHOOKS });

async function problemsOf(document: object): Promise<string[]> {
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: '/webhooks.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer}: ${message}`);
}

const presets = [...builtInPresets().values()];
const cases = presets.flatMap((preset) =>
  [null, ...payloadVersionsOf(preset)].map((version) => ({ name: preset.name, version, preset })),
);

/** A preset's own wire format, or the one it shares. */
function formatOf({ profile }: Preset): WireFormat {
  const shared = profile === null ? presets.find(({ isDefault }) => isDefault)?.name : profile;
  const format = typeof shared === 'string' ? builtInPresets().get(shared)?.profile : shared;
  if (typeof format !== 'object' || format === null) throw new Error(`${shared} has no wire format`);
  return format;
}

function describedOf(preset: Preset, version: string | null) {
  const eventTypes = [...preset.eventTypes.values()];
  return { preset, format: formatOf(preset), eventTypes, version, retrySchedule: DEFAULT_RETRY_SCHEDULE };
}

function bodyOf(preset: Preset, type: EventType, pinned: string | null, data: unknown): string {
  const profile = createProfile(preset, formatOf(preset), pinned);
  return renderBody(profile, {
    event: {
      id: 'evt_0195f1a2b3c47d5e8f60718293a4b5c6',
      type: type.name,
      occurredAt: '2026-03-13T14:30:00.123Z',
      subject: 'order/7',
      channel: null,
      version: null,
      data: JSON.stringify(data),
    },
    payloadVersion: payloadVersionOf(profile, type.name, null),
    delivery: { id: 'dlv_0195f1a2b3c47d5e8f60718293a4b5c7' },
    attempt: { number: 2, timestampSeconds: 1_773_412_205 },
    webhook: { id: 'wh_0195f1a2b3c47d5e8f60718293a4b5c8' },
  });
}

/** The value with each of its members, and each of theirs, left out in turn, or null. */
function variantsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [null];
  if (Array.isArray(value)) {
    const changed = value.flatMap((item, at) => variantsOf(item).map((other) => value.with(at, other)));
    return [null, [], ...changed];
  }
  const members = Object.entries(value);
  return [
    null,
    ...members.flatMap(([name, member]) => [
      Object.fromEntries(members.filter(([other]) => other !== name)),
      ...variantsOf(member).map((changed) => ({ ...value, [name]: changed })),
    ]),
  ];
}

describe.each(presets.filter(({ eventTypes }) => eventTypes.size > 0))('the bodies of $name', (preset) => {
  const versions = [null, ...payloadVersionsOf(preset)];

  it('fit what is said of them, for each event type in each version', () => {
    for (const type of preset.eventTypes.values()) {
      for (const pinned of versions) {
        const schema = bodySchemaOf(formatOf(preset), type, versionFor(type, pinned, preset.payloadVersion));
        const body = JSON.parse(bodyOf(preset, type, pinned, type.sample));
        expect(compileSchema(schema)(body), `${type.name} ${pinned}`).toEqual([]);
        expect(schema, `${type.name} ${pinned}`).not.toEqual({});
      }
    }
  });

  it('fit it as well if the data lacks what it may lack', () => {
    let tried = 0;
    for (const type of preset.eventTypes.values()) {
      const version = versionFor(type, null, preset.payloadVersion);
      const takesBody = compileSchema(bodySchemaOf(formatOf(preset), type, version));
      const variants = variantsOf(type.sample).filter((data) => {
        const judged = { data: JSON.stringify(data), version: null };
        return violationsOf(type, judged, { usual: preset.payloadVersion }).length === 0;
      });
      tried += variants.length;
      for (const data of variants) {
        expect(takesBody(JSON.parse(bodyOf(preset, type, null, data))), JSON.stringify(data)).toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
});

describe.each(cases)('the description of $name, version $version', ({ preset, version }) => {
  it('as OpenAPI breaks no rule', async () => {
    expect(await problemsOf(describeWebhooks(describedOf(preset, version)))).toEqual([]);
  });

  it('as AsyncAPI breaks no rule', async () => {
    expect(await problemsOf(describeWebhooksAsync(describedOf(preset, version)))).toEqual([]);
  });

  it('describes each event type that has the version, or none', () => {
    const types = [...preset.eventTypes.values()];
    const expected = types
      .filter(({ versions }) => version === null || versions.size === 0 || versions.has(version))
      .map(({ name }) => name);
    const { webhooks } = describeWebhooks(describedOf(preset, version)) as { webhooks: object };
    expect(Object.keys(webhooks)).toEqual(expected);
  });

  it('is the same, byte for byte, each time', () => {
    for (const write of [describeWebhooks, describeWebhooksAsync]) {
      const first = JSON.stringify(write(describedOf(preset, version)));
      expect(JSON.stringify(write(describedOf(preset, version)))).toBe(first);
    }
  });
});

describe('the examples', () => {
  it('can be checked with the signature beside them: they are the bytes that were signed', () => {
    for (const { preset, version } of cases) {
      for (const type of preset.eventTypes.values()) {
        const body = bodyOf(preset, type, version, type.sample);
        expect(JSON.stringify(JSON.parse(body))).toBe(body);
      }
    }
  });
});

/** Most of what a JSON Schema can say, and references of every form. */
const RICH_SCHEMA = {
  $id: 'https://acme.example/order',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    id: { $ref: '#/$defs/Id', description: 'A number.', minimum: 1 },
    same: { $ref: '#/properties/id' },
    parent: { oneOf: [{ $ref: '#' }, { type: 'null' }] },
    older: { $ref: '#/definitions/Older' },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, true], items: false, minItems: 2 },
    any: true,
    never: { type: 'array', items: false },
    tags: {
      type: 'array',
      items: { type: 'string' },
      contains: { const: 'a' },
      minContains: 0,
      maxContains: 2,
    },
    text: { type: 'string', nullable: true, contentMediaType: 'text/plain', readOnly: true },
    choice: { if: { type: 'string' }, else: { type: ['integer', 'null'] } },
  },
  patternProperties: { '^x-': { $ref: '#/$defs/Id' } },
  propertyNames: { maxLength: 20 },
  dependentRequired: { text: ['id'] },
  dependentSchemas: { choice: { minProperties: 2 } },
  unevaluatedProperties: { $ref: '#/$defs/Id' },
  required: ['id'],
  $defs: { Id: { type: 'integer', examples: [7] } },
  definitions: { Older: { type: 'object', properties: { deeper: { $ref: '#/definitions/Older' } } } },
};
const SIGNATURE = {
  header: 'X-Signature',
  algorithm: 'hmac-sha512',
  encoding: 'hex',
  key: 'text',
  content: '{event.type}.{body}',
  each: 'v1={signature}',
  secrets: 'all',
};
const RICH_SAMPLE = {
  id: 7,
  parent: { id: 8 },
  older: { deeper: {} },
  pair: ['a', 1],
  text: null,
  tags: [],
  choice: 'a',
};

describe.each([
  ['the data alone', 'event.data'],
  ['a member', [{ name: 'data', value: 'event.payload' }]],
  ['members among others', [{ name: 'kind', value: 'event.type' }, { spread: 'event.data' }]],
])('a rich schema, where the body is %s', (_, body) => {
  const file = {
    name: 'acme',
    title: 'Acme',
    description: 'A test.',
    profile: { body, headers: { 'X-Parent': '{event.data.parent}' }, signatures: [SIGNATURE] },
    eventTypes: [
      { name: 'order.created', schema: RICH_SCHEMA, sample: RICH_SAMPLE },
      {
        name: 'order.told',
        schema: RICH_SCHEMA,
        sample: RICH_SAMPLE,
        payload: ['id', 'parent', 'pair', 'choice'],
      },
    ],
  };
  const preset = createPreset(presetFileSchema.parse(file), file, true);

  it('is described by both documents without breaking a rule', async () => {
    expect(await problemsOf(describeWebhooks(describedOf(preset, null)))).toEqual([]);
    expect(await problemsOf(describeWebhooksAsync(describedOf(preset, null)))).toEqual([]);
  });

  it('takes the body that is sent', () => {
    for (const type of preset.eventTypes.values()) {
      const takes = compileSchema(bodySchemaOf(formatOf(preset), type, null));
      expect(takes(JSON.parse(bodyOf(preset, type, null, type.sample)))).toEqual([]);
    }
  });
});

interface Loose {
  [member: string]: Loose;
}

describe('a broken description is found out', () => {
  const preset = presets.find(({ eventTypes }) => eventTypes.size > 0) as Preset;
  const [name = ''] = preset.eventTypes.keys();

  function broken(write: typeof describeWebhooks, change: (document: Loose) => void): Promise<string[]> {
    const document = structuredClone(write(describedOf(preset, null)));
    change(document as Loose);
    return problemsOf(document);
  }

  it('in OpenAPI: a wrong example, a reference to nothing, a member that does not exist', async () => {
    const found = await broken(describeWebhooks, ({ webhooks }) => {
      const post = webhooks?.[name]?.post as Loose;
      Object.assign(post.requestBody?.content?.['application/json'] as Loose, { example: 7 });
      Object.assign(post.responses as Loose, { '5XX': { $ref: '#/components/responses/Nothing' } });
      Object.assign(post, { sumary: 'typo' });
    });
    const rules = found.map((problem) => problem.split(' ')[0]);
    expect(rules).toEqual(
      expect.arrayContaining(['no-invalid-media-type-examples', 'no-unresolved-refs', 'struct']),
    );
  });

  it('in AsyncAPI: a wrong action, a reference to nothing, a schema of an unknown type', async () => {
    const found = await broken(describeWebhooksAsync, ({ operations, channels }) => {
      Object.assign(operations?.[name] as Loose, {
        action: 'publish',
        security: [{ $ref: '#/components/nothing' }],
      });
      Object.assign(channels?.webhook?.messages?.[name]?.payload as Loose, { type: 'record' });
    });
    const rules = found.map((problem) => problem.split(' ')[0]);
    expect(rules).toEqual(expect.arrayContaining(['struct', 'no-unresolved-refs', 'security-defined']));
    expect(found.filter((problem) => problem.startsWith('struct')).length).toBeGreaterThanOrEqual(2);
  });
});
