import { isSchemaObject, type SchemaObject, subschemasOf } from './describe/subschemas.ts';
import type { Complaint } from './flaws.ts';
import { patternOf } from './known-patterns.ts';
import { MAX_INSTRUCTIONS as MAX_OF_ONE } from './linear-pattern/program.ts';
import type { JsonSchema } from './preset-file.ts';
import { standsApart } from './shared-definitions.ts';

/** A schema of a document, with what it refers to; null: there is none. */
export interface PlacedSchema {
  readonly schema: JsonSchema | null;
  readonly path: readonly PropertyKey[];
}

// Some tens of megabytes once compiled: a few bytes of a document can make twenty thousand instructions.
const MAX_INSTRUCTIONS = 500_000;
const MAX_CHARS_APART = 4 * 1024 * 1024;

/**
 * What of a document's schemas is too much to be compiled, all of them together. Each pattern counts once, wherever it
 * stands, as it is compiled once; so does what schemas share, unless they have to be compiled apart.
 *
 * @returns one complaint at most: nothing further is looked at then
 */
export function sizeComplaints(schemas: Iterable<PlacedSchema>): Complaint[] {
  const seen = new WeakSet<SchemaObject>();
  const patterns = new Set<string>();
  let instructions = 0;
  let charsApart = 0;
  for (const { schema, path } of schemas) {
    if (schema === null) continue;
    if (standsApart(schema)) charsApart += JSON.stringify(schema).length;
    if (charsApart > MAX_CHARS_APART) return [{ path, message: TOO_MUCH_APART }];
    for (const source of patternsIn(schema, seen)) {
      if (patterns.has(source)) continue;
      patterns.add(source);
      instructions += instructionsOf(source);
      if (instructions > MAX_INSTRUCTIONS) return [{ path, message: TOO_MANY_INSTRUCTIONS }];
    }
  }
  return [];
}

const TOO_MANY_INSTRUCTIONS =
  `has patterns that come, with those before, to more than ${MAX_INSTRUCTIONS} characters with their repetitions ` +
  'written out [patterns_too_large]';

const TOO_MUCH_APART =
  `comes, with what it refers to and with those before, to more than ${MAX_CHARS_APART} characters: schemas with an $id, ` +
  'an anchor, unevaluatedItems or unevaluatedProperties share nothing of the $defs [schemas_too_large]';

/** @param seen schemas that others have, too */
function* patternsIn(root: JsonSchema, seen: WeakSet<SchemaObject>): Generator<string> {
  const open = [root];
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    if (!isSchemaObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    if (typeof schema.pattern === 'string') yield schema.pattern;
    if (isSchemaObject(schema.patternProperties)) yield* Object.keys(schema.patternProperties);
    for (const inner of subschemasOf(schema)) open.push(inner);
  }
}

/**
 * What is no pattern is told of where it is compiled. Whether one is too long shows only once it has been written out that
 * far: it counts as that.
 */
function instructionsOf(source: string): number {
  try {
    const pattern = patternOf(source, 'u');
    return typeof pattern === 'string' ? MAX_OF_ONE : pattern.instructions;
  } catch {
    return 0;
  }
}
