import { z } from 'zod';
import { channelInputSchema } from '../../manage/channels.ts';
import { endpoint } from '../endpoint.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const PATH = '/v1/accounts/{account}/channels';

const channelSchema = z
  .object({ name: z.string(), title: z.string().nullable(), firstSeenAt: z.iso.datetime() })
  .describe('Where in an account events come from. It becomes known when an event first names it.');

export const channelEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'listChannels',
    tag: 'Channels',
    summary: 'List channels, by name',
    access: 'account',
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page of channels.', schema: pageSchema(channelSchema) } },
    handle: async ({ waybill, params, query }) => {
      const page = await waybill.channels.list(params.account as string, pageRequest(query, 'channel'));
      return { status: 200, body: pageBody(page) };
    },
  }),
  endpoint({
    method: 'put',
    path: `${PATH}/{channel}`,
    operationId: 'putChannel',
    tag: 'Channels',
    summary: 'Give a channel a title',
    access: 'account',
    body: { schema: channelInputSchema, optional: true },
    responses: { 200: { description: 'The channel.', schema: channelSchema } },
    handle: async ({ waybill, params, body }) => ({
      status: 200,
      body: await waybill.channels.put(params.account as string, params.channel as string, body),
    }),
  }),
];
