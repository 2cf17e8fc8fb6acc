import { z } from 'zod';
import { POLICIES } from '../../catalog/preset-file.ts';
import { endpoint, rawEndpoint } from '../endpoint.ts';
import { presetFiltersSchema, presetName } from '../formats.ts';
import { eventTypeSchema } from './event-types.ts';

const presetSchema = z
  .object({
    name: presetName,
    title: z.string(),
    description: z.string(),
    builtIn: z.boolean().describe('Whether it comes along with Waybill.'),
    imported: z
      .boolean()
      .describe('Whether its event types are known to all accounts that have no preset of their own.'),
    instance: z.boolean().describe('Whether it is the preset of this instance.'),
    eventTypes: z.int(),
    payloadVersions: z.array(z.string()),
    payloadVersion: z.string().nullable().describe('Of webhooks that pin none.'),
    filters: presetFiltersSchema,
    policies: z.object({ validation: z.enum(POLICIES), unknownTypes: z.enum(POLICIES) }),
  })
  .describe('A system Waybill can be: a wire format, event types and policies under one name.');

const ONE = '/v1/catalogs/{preset}';

export const catalogEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/catalogs',
    operationId: 'listCatalogs',
    tag: 'Catalogs',
    summary: 'List the presets there are, by name',
    access: 'key',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.object({ data: z.array(presetSchema), nextCursor: z.null() }),
      },
    },
    handle: async ({ waybill }) => ({
      status: 200,
      body: { data: await waybill.presets.list(), nextCursor: null },
    }),
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getCatalog',
    tag: 'Catalogs',
    summary: 'Read a preset with its event types',
    access: 'key',
    responses: {
      200: { description: 'The preset.', schema: presetSchema.extend({ types: z.array(eventTypeSchema) }) },
    },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.presets.get(params.preset as string),
    }),
  }),
  rawEndpoint({
    method: 'post',
    path: `${ONE}/import`,
    operationId: 'importCatalog',
    tag: 'Catalogs',
    summary: 'Import a preset',
    description:
      'Without a body: one that comes along, whose event types are then known to all accounts that have no preset of ' +
      "their own. With one: the platform's own, as `docs/guides/your-own-preset.md` tells, in the place of the one of " +
      'its name. It is taken as a whole or refused as a whole.',
    access: 'platform',
    body: { schema: z.looseObject({}).describe('A preset.'), optional: true },
    responses: {
      200: {
        description: 'It is in force.',
        schema: z.object({
          preset: presetName,
          eventTypes: z.int().describe('How many event types it has.'),
          profile: z.boolean().describe('Whether it has a wire format of its own.'),
        }),
      },
    },
    problems: {
      400: '`preset_invalid`: each flaw with where it is; `validation_failed`: its name is another.',
      409: '`preset_built_in`: the name belongs to one that comes along; `preset_in_use`: webhooks, which are named, or other presets do not fit it.',
    },
    handle: async ({ waybill, params, body }) => {
      const text = isEmpty(body.value) ? undefined : body.text;
      return { status: 200, body: await waybill.presets.import(params.preset as string, text) };
    },
  }),
  endpoint({
    method: 'delete',
    path: ONE,
    operationId: 'deleteCatalog',
    tag: 'Catalogs',
    summary: 'Forget an imported preset',
    access: 'platform',
    responses: { 204: { description: 'It is forgotten.' } },
    problems: { 409: '`preset_in_use`: webhooks, accounts or other presets use it.' },
    handle: async ({ waybill, params }) => {
      await waybill.presets.delete(params.preset as string);
      return { status: 204 };
    },
  }),
];

/** No body, or `{}`, which clients like to send for one. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return false;
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
