import type { WireFormat } from '../../profile/profile.ts';
import type { EventType } from '../event-type.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import {
  type Described,
  type DescribedType,
  describedTypes,
  headerExample,
  infoOf,
  tagsOf,
  typeDescription,
} from './described.ts';
import { descriptionOf, SIGNATURE_NOTE } from './description.ts';
import { asDraft07 } from './draft-07.ts';
import { freeName } from './stand-alone.ts';

type Members = Readonly<Record<string, unknown>>;

const CHANNEL = 'webhook';

/**
 * Describes as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0) the messages a webhook sends:
 * for each event type its headers and its body, with an example. The same input makes the same document.
 */
export function describeWebhooksAsync(described: Described): object {
  const types = describedTypes(described);
  const schemas = createDefinitions('#/components/schemas/');
  const tags = shareTags(types);
  const messages = types.map((one) => [one.type.name, messageOf(one, schemas, tags)] as const);
  const operations = types.map(({ type }) => [type.name, operationOf(type, described.format, tags)] as const);
  return {
    asyncapi: '3.0.0',
    info: { ...infoOf(described, descriptionOf(described)), tags: [...tags.references.values()] },
    defaultContentType: 'application/json',
    channels: {
      [CHANNEL]: {
        title: 'Webhook',
        // It has no address of its own: that is the URL each receiver has chosen.
        description: 'The URL a receiver has set up.',
        messages: Object.fromEntries(messages),
      },
    },
    operations: Object.fromEntries(operations),
    components: {
      schemas: Object.fromEntries(Object.entries(schemas.all).map(([name, one]) => [name, asDraft07(one)])),
      securitySchemes: securitySchemesOf(described.format),
      tags: tags.all,
    },
  };
}

/** Tags, which are told once, and what leads to each, by the group. */
interface SharedTags {
  readonly all: Members;
  readonly references: ReadonlyMap<string, Members>;
}

function shareTags(types: readonly DescribedType[]): SharedTags {
  const all: Record<string, Members> = {};
  const references = new Map<string, Members>();
  for (const tag of tagsOf(types)) {
    const key = freeName(tag.name, all);
    all[key] = tag;
    references.set(tag.name, { $ref: `#/components/tags/${key}` });
  }
  return { all, references };
}

function messageOf(one: DescribedType, schemas: Definitions, tags: SharedTags): Members {
  const { type, body, headers } = one;
  const deprecated = type.deprecated ? 'Deprecated: it may cease to be sent.\n\n' : '';
  return {
    name: type.name,
    title: type.title ?? type.name,
    description: deprecated + typeDescription(one),
    ...taggedAs(type.group, tags),
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: Object.fromEntries(
        headers.map(({ name, description, schema }) => [name, { ...schema, description }]),
      ),
      required: headers.map(({ name }) => name),
    },
    payload: asDraft07(schemas.add(body)),
    ...examplesOf(one),
  };
}

function examplesOf(one: DescribedType): Members {
  if (!one.sample) return {};
  const headers = one.headers.map((header) => [header.name, headerExample(one, header)] as const);
  const example = {
    name: 'sample',
    headers: Object.fromEntries(headers),
    payload: JSON.parse(one.sample.body),
  };
  return { examples: [example] };
}

function operationOf(type: EventType, format: WireFormat, tags: SharedTags): Members {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${CHANNEL}` },
    title: type.title ?? type.name,
    ...taggedAs(type.group, tags),
    ...(format.signatures.length > 0 && {
      security: format.signatures.map(({ header }) => ({ $ref: `#/components/securitySchemes/${header}` })),
    }),
    bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
    messages: [{ $ref: `#/channels/${CHANNEL}/messages/${type.name}` }],
  };
}

function taggedAs(group: string | null, { references }: SharedTags): Members {
  const reference = group === null ? undefined : references.get(group);
  return reference ? { tags: [reference] } : {};
}

function securitySchemesOf(format: WireFormat): Members {
  const schemes = format.signatures.map(({ header }) => {
    return [header, { type: 'httpApiKey', in: 'header', name: header, description: SIGNATURE_NOTE }] as const;
  });
  return Object.fromEntries(schemes);
}
