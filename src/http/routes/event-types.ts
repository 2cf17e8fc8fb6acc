import { z } from 'zod';
import { asSeenBy, viewOf } from '../catalog-view.ts';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { anyJson, eventType, presetName } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const jsonSchema = z
  .union([z.boolean(), z.record(z.string(), z.unknown())])
  .describe('JSON Schema (2020-12).');

export const eventTypeSchema = z
  .object({
    name: eventType,
    preset: presetName.nullable().describe('null: that of the instance, whichever it is.'),
    own: z.boolean().describe("Whether it is the platform's own, and not one its preset has brought."),
    group: z.string().nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    deprecated: z.boolean(),
    schema: jsonSchema.nullable().describe('Of the data, as it is published.'),
    sample: anyJson.describe('Data such as is published; null if there is none.'),
    payload: anyJson.describe('What goes out of the data; null: all of it.'),
    versions: z
      .array(
        z.object({
          version: z.string(),
          schema: jsonSchema.describe('Of the payload.'),
          payload: anyJson.describe('What goes out of the data; null: all of it.'),
        }),
      )
      .describe('The versions of its payload. None: it has but one form.'),
    version: z.string().nullable().describe('The one webhooks get that pin none.'),
  })
  .describe('An entry of the catalog.');

const mergeFieldSchema = z
  .looseObject({
    name: z.string().nullable().describe('What stands between `$$` and `$$`; null: Liquid alone reaches it.'),
    liquid: z.string().describe('What stands between `{{` and `}}`.'),
    type: z.string(),
    sample: z.string().nullable().describe('At most 200 characters.'),
  })
  .describe('A field a template can use; a collection has `fields` of its own.');

const ONE = '/v1/event-types/{eventType}';
const ofPreset = z.strictObject({
  preset: presetName.optional().describe('Which it belongs to. Default: that of the instance.'),
});
const pinned = {
  409: '`preset_in_use`: webhooks pin a version of its payload that would be gone.',
};
const found = { 200: { description: 'The event type.', schema: eventTypeSchema } };

export const eventTypeEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/event-types',
    operationId: 'listEventTypes',
    tag: 'Event types',
    summary: 'List event types, by name',
    access: 'key',
    query: z.strictObject({
      ...pageQuery,
      ...asSeenBy,
      group: filterText(100).optional(),
      search: filterText(200).optional().describe('In name, title or description.'),
    }),
    responses: { 200: { description: 'A page of event types.', schema: pageSchema(eventTypeSchema) } },
    handle: async ({ waybill, query, identity }) => {
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const account = viewOf(identity, filter.account);
      const page = await waybill.eventTypes.list({ ...filter, account }, pageRequest(query, 'eventType'));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'get',
    path: ONE,
    operationId: 'getEventType',
    tag: 'Event types',
    summary: 'Read an event type',
    access: 'key',
    query: z.strictObject(asSeenBy),
    responses: found,
    handle: async ({ waybill, params, query, identity }) => {
      const account = viewOf(identity, query.account);
      return {
        status: 200,
        body: await waybill.eventTypes.get(params.eventType as string, { ...query, account }),
      };
    },
  }),
  endpoint({
    method: 'get',
    path: `${ONE}/merge-fields`,
    operationId: 'listMergeFields',
    tag: 'Event types',
    summary: 'What a payload template can use of events of this type',
    access: 'key',
    query: z.strictObject({
      ...asSeenBy,
      subject: filterText(256)
        .optional()
        .describe('What the newest event about it has, with its values; with `account`.'),
    }),
    responses: {
      200: {
        description: 'The fields.',
        schema: z.object({ data: z.array(mergeFieldSchema), nextCursor: z.null() }),
      },
    },
    handle: async ({ waybill, params, query, identity }) => {
      const account = viewOf(identity, query.account);
      const data = await waybill.eventTypes.mergeFields(params.eventType as string, { ...query, account });
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
  endpoint({
    method: 'put',
    path: ONE,
    operationId: 'putEventType',
    tag: 'Event types',
    summary: "Make an event type of the platform's own, or put it in the place of the one of its name",
    description:
      'Where its preset has a type of this name, this one is taken instead. What other presets have is not changed.',
    access: 'platform',
    query: ofPreset,
    body: { schema: z.looseObject({}).describe('What it is. Its name may be left out.') },
    responses: found,
    problems: pinned,
    handle: async ({ waybill, params, query, body }) => ({
      status: 200,
      body: await waybill.eventTypes.put(params.eventType as string, body, query),
    }),
  }),
  endpoint({
    method: 'delete',
    path: ONE,
    operationId: 'deleteEventType',
    tag: 'Event types',
    summary: "Forget an event type of the platform's own",
    access: 'platform',
    query: ofPreset,
    responses: { 204: { description: 'It is forgotten. That of its preset shows again.' } },
    problems: pinned,
    handle: async ({ waybill, params, query }) => {
      await waybill.eventTypes.delete(params.eventType as string, query);
      return { status: 204 };
    },
  }),
  endpoint({
    method: 'post',
    path: `${ONE}/deprecate`,
    operationId: 'deprecateEventType',
    tag: 'Event types',
    summary: 'Say that an event type is no longer to be used',
    description: 'It is sent as before. A type of the same name in another preset is not changed.',
    access: 'platform',
    query: z.strictObject({
      preset: presetName
        .optional()
        .describe('Which it belongs to. Default: the one that accounts without a preset see it in.'),
    }),
    body: { schema: z.strictObject({ deprecated: z.boolean().default(true) }), optional: true },
    responses: found,
    handle: async ({ waybill, params, query, body }) => ({
      status: 200,
      body: await waybill.eventTypes.deprecate(params.eventType as string, body.deprecated, query),
    }),
  }),
];
