import { matchesPattern } from '../event-pattern.ts';
import type { PayloadFields } from '../profile/payload-fields.ts';
import type { WireFormat } from '../profile/profile.ts';
import { envelopeSchema } from './describe/envelope-schema.ts';
import { projectSchema } from './describe/project-schema.ts';
import { standAlone } from './describe/stand-alone.ts';
import type { SchemaObject } from './describe/subschemas.ts';
import type { EventType } from './event-type.ts';

type PayloadRules = WireFormat['payloads'];

/**
 * The schema of what is sent of an event type: what its version says, else what its payload makes of its data. `{}`,
 * which takes anything, if nothing is known. It stands alone.
 *
 * @param version one of the type's own; null: it has none
 * @param rules the payloads of a wire format, for types that say nothing themselves
 */
export function payloadSchemaOf(
  type: EventType,
  version: string | null,
  rules: PayloadRules = [],
): SchemaObject {
  const own = version === null ? undefined : type.versions.get(version);
  if (own && own.schema !== null) return standAlone(own.schema);
  const payload = own ? own.payload : (type.payload ?? rulesPayload(type.name, rules));
  const data = dataSchemaOf(type);
  return payload ? projectSchema(data, payload) : data;
}

/**
 * The schema of the whole body of a request, for an event type in one version of its payload. It stands alone.
 *
 * @param version one of the type's own; null: it has none
 */
export function bodySchemaOf(format: WireFormat, type: EventType, version: string | null): SchemaObject {
  const data = dataSchemaOf(type);
  if (typeof format.body === 'string') return data;
  const payload = payloadSchemaOf(type, version, format.payloads);
  // In an array each event has a body of its own; joined, there is one for all.
  const ofBatches = format.batch !== 'array';
  return envelopeSchema(format.body, { typeName: type.name, version, ofBatches, data, payload });
}

function dataSchemaOf(type: EventType): SchemaObject {
  return type.schema === null ? {} : standAlone(type.schema);
}

function rulesPayload(typeName: string, rules: PayloadRules): PayloadFields | null {
  const rule = rules.find(({ events }) => events.some((one) => matchesPattern(one, typeName)));
  return rule?.payload ?? null;
}
