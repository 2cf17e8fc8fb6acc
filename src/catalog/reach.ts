import type { Complaint } from './flaws.ts';
import type { JsonSchema, PresetFile } from './preset-file.ts';
import { definitionsReached } from './schema-walk.ts';

// Some tens of megabytes: every schema is put together with all that it reaches.
const MAX_REACHED = 500_000;

/**
 * Whether the schemas of a document reach too many of its definitions, each counted once for each schema: a document of
 * two megabytes can have twenty thousand of both. Looked at before anything is put together.
 *
 * @returns one complaint at most
 */
export function* reachComplaints(file: PresetFile): Generator<void, Complaint[], void> {
  let reached = 0;
  for (const { schema, path } of writtenSchemas(file)) {
    reached += definitionsReached(schema, file.$defs).size;
    if (reached > MAX_REACHED) return [{ path, message: TOO_MUCH }];
    yield;
  }
  return [];
}

const TOO_MUCH =
  `refers, with the schemas before it, to more than ${MAX_REACHED} definitions, one counted for each schema that reaches it: ` +
  'write less that refers to everything [definitions_too_large]';

function* writtenSchemas({ $defs, eventTypes }: PresetFile): Generator<{
  schema: JsonSchema;
  path: PropertyKey[];
}> {
  for (const [name, schema] of Object.entries($defs)) yield { schema, path: ['$defs', name] };
  for (const [index, type] of eventTypes.entries()) {
    const base = ['eventTypes', index];
    if (type.schema !== undefined) yield { schema: type.schema, path: [...base, 'schema'] };
    for (const [version, { schema }] of Object.entries(type.versions ?? {})) {
      if (schema !== undefined) yield { schema, path: [...base, 'versions', version, 'schema'] };
    }
  }
}
