import type { Ajv2020 } from 'ajv/dist/2020.js';
import { spend } from './budget.ts';

const STEPS_PER_ITEM = 4;
const CHARS_PER_STEP = 16;

/** Judges whether items are unique by what is written of each, instead of comparing each with each other one. */
export function addUniqueItems(compiler: Ajv2020): void {
  compiler.removeKeyword('uniqueItems');
  compiler.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    errors: false,
    validate: (isWanted: boolean, items: readonly unknown[]) => !isWanted || areUnique(items),
  });
}

function areUnique(items: readonly unknown[]): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = canonicalText(item);
    spend(STEPS_PER_ITEM + Math.floor(text.length / CHARS_PER_STEP));
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}

/** The same for values that JSON Schema takes for equal: the order of members says nothing, nor does 1.0 beside 1. */
function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name as keyof typeof value])}`).join()}}`;
}
