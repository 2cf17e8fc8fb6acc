import { z } from 'zod';
import { CHANGES } from '../../catalog/diff-finding.ts';
import { asSeenBy, viewOf } from '../catalog-view.ts';
import { endpoint } from '../endpoint.ts';
import { filterText } from '../filters.ts';
import { anyJson, eventType } from '../formats.ts';

const changeSchema = z.object({
  path: z.string().describe('In the payload: `order.items[].sku`. Empty: the whole of it.'),
  change: z.enum(CHANGES),
  breaking: z.boolean().describe('Whether a receiver that relied on the old may fail on the new.'),
  keyword: z.string().nullable().describe('Of a rule: the keyword of the schema that says it.'),
  from: anyJson.describe('What there was. Of values that are listed those that are gone, 30 at most.'),
  to: anyJson.describe('What there is. Of values that are listed those that are new, 30 at most.'),
  message: z.string().describe('To be read behind the path.'),
});

const changesSchema = z
  .object({
    eventType,
    from: z.string().nullable().describe('null: there is no version before it.'),
    to: z.string().nullable().describe('null: the payload has but one form.'),
    breaking: z.boolean().describe('Whether one of them is.'),
    changes: z.array(changeSchema).describe('About a thousand at most: the last one tells of more.'),
  })
  .describe('How one version of a payload differs from another.');

export const eventTypeChangeEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/event-types/{eventType}/changes',
    operationId: 'listEventTypeChanges',
    tag: 'Event types',
    summary: 'What has changed from one version of its payload to another',
    description: 'Each difference with where it is, what it is, and whether receivers may fail on it.',
    access: 'key',
    query: z.strictObject({
      ...asSeenBy,
      from: filterText(64).optional().describe('Default: the version before `to`.'),
      to: filterText(64).optional().describe('Default: the newest version.'),
    }),
    responses: { 200: { description: 'The differences.', schema: changesSchema } },
    handle: async ({ waybill, params, query, identity }) => {
      const account = viewOf(identity, query.account);
      const name = params.eventType as string;
      return { status: 200, body: await waybill.eventTypes.changes(name, { ...query, account }) };
    },
  }),
];
