import { z } from 'zod';
import { itemSpans } from '../json-source.ts';
import { dottedPath } from './path-in-data.ts';
import { membersOf } from './subject.ts';

const member = z.string().min(1).max(128);

const CASES = {
  upperCase: (text: string) => text.toUpperCase(),
  lowerCase: (text: string) => text.toLowerCase(),
  capitalized: (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
} as const;

/** One member of a payload, and where in the data its value comes from. */
export interface PayloadField {
  readonly name: string;
  readonly from: readonly string[];
  /** The letters of a text. */
  readonly as?: keyof typeof CASES | undefined;
  /** Its value is an array, and these are the members of each of its items. */
  readonly each?: readonly PayloadField[] | undefined;
  /** Its value is an object with these members. */
  readonly fields?: readonly PayloadField[] | undefined;
  /** Its value is how many items there are in `from`. */
  readonly count: boolean;
  /** Its value, whatever the data is. */
  readonly const?: unknown;
}

/** The payload of an event type: which members of the data go out, in their order. */
export interface PayloadFields {
  /** What becomes of a member the data hasn't: it is null, or left out. */
  readonly absent: 'null' | 'omit';
  readonly fields: readonly PayloadField[];
}

const LISTS = ['as', 'each', 'fields', 'count', 'const'] as const;

const field: z.ZodType<PayloadField> = z.lazy(() =>
  z.union([
    member.transform((name): PayloadField => ({ name, from: [name], count: false })),
    z
      .strictObject({
        name: member,
        from: dottedPath.optional(),
        as: z.enum(['upperCase', 'lowerCase', 'capitalized']).optional(),
        each: fieldList.optional(),
        fields: fieldList.optional(),
        count: dottedPath.optional(),
        const: z.json().optional(),
      })
      .refine(
        (value) => LISTS.filter((one) => value[one] !== undefined).length <= 1,
        `can have one of ${LISTS.join(', ')}`,
      )
      .refine((value) => value.from === undefined || value.count === undefined, 'counts what "count" names')
      .transform(
        ({ count, ...rest }): PayloadField => ({
          ...rest,
          from: count ?? rest.from ?? [rest.name],
          count: count !== undefined,
        }),
      ),
  ]),
);

const fieldList = z
  .array(field)
  .min(1)
  .max(200)
  .superRefine((fields, context) => {
    const seen = new Set<string>();
    fields.forEach(({ name }, index) => {
      if (seen.has(name))
        context.addIssue({ code: 'custom', message: `${name} is there twice`, path: [index] });
      seen.add(name);
    });
  });

/** As it is written down: a list of fields, or an object that also says what becomes of those that are absent. */
export const payloadSchema = z.union([
  fieldList.transform((fields): PayloadFields => ({ absent: 'null', fields })),
  z.strictObject({ absent: z.enum(['null', 'omit']), fields: fieldList }),
]);

/** The payload made of an event's data: JSON. What isn't changed keeps its bytes; what isn't an object stays as it is. */
export function projectPayload(data: string, payload: PayloadFields): string {
  return projectObject(data, payload.fields, payload.absent);
}

function projectObject(json: string, fields: readonly PayloadField[], absent: 'null' | 'omit'): string {
  if (!json.trimStart().startsWith('{')) return json;
  const members = membersOf(json);
  let text = '';
  for (const one of fields) {
    const value = projectField(members, one, absent) ?? (absent === 'null' ? 'null' : undefined);
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(one.name)}:${value}`;
  }
  return `{${text}}`;
}

function projectField(
  members: ReadonlyMap<string, string>,
  one: PayloadField,
  absent: 'null' | 'omit',
): string | undefined {
  if (one.const !== undefined) return JSON.stringify(one.const);
  const value = valueAt(members, one.from);
  if (one.count) return String(value === undefined ? 0 : itemsOf(value).length);
  if (value === undefined) return undefined;
  if (one.as) return inCase(value, CASES[one.as]);
  if (one.fields) return projectObject(value, one.fields, absent);
  const { each } = one;
  if (!each || !value.startsWith('[')) return value;
  return `[${itemsOf(value)
    .map((item) => projectObject(item, each, absent))
    .join(',')}]`;
}

function valueAt(members: ReadonlyMap<string, string>, path: readonly string[]): string | undefined {
  const [first = '', ...rest] = path;
  const value = members.get(first);
  return value === undefined || rest.length === 0 ? value : valueAt(membersOf(value), rest);
}

function itemsOf(json: string): string[] {
  if (!json.startsWith('[')) return [];
  return itemSpans(json, [0, json.length]).map((span) => json.slice(...span));
}

function inCase(json: string, change: (text: string) => string): string {
  return json.startsWith('"') ? JSON.stringify(change(JSON.parse(json))) : json;
}
