import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

const PATH = '/v1/accounts/{account}/webhooks/{webhook}/missed';

export const missedSchema = z
  .object({
    from: z.iso.datetime().describe('When the first of these events was published.'),
    until: z.iso.datetime(),
    events: z.int().describe('How many of them it would get now.'),
    exact: z.boolean().describe('false: there are at least so many.'),
    replay: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime(), status: z.literal('missed') })
      .describe('The body of `POST …/replay` that sends them.'),
  })
  .describe('What it missed while it was disabled: never sent, or cancelled. Nothing is sent by itself.');

export const missedEndpoints = [
  endpoint({
    method: 'get',
    path: PATH,
    operationId: 'readMissed',
    tag: 'Webhooks',
    summary: 'What a webhook has missed since it was disabled',
    description:
      'Also while it is disabled, and after it was enabled. It stays until a replay has sent all of it, or it is declined.',
    access: 'account',
    responses: { 200: { description: 'What it has missed, and how to get it.', schema: missedSchema } },
    handle: async ({ waybill, params }) => ({
      status: 200,
      body: await waybill.replays.missed(params.account as string, params.webhook as string),
    }),
  }),
  endpoint({
    method: 'post',
    path: `${PATH}/decline`,
    operationId: 'declineMissed',
    tag: 'Webhooks',
    summary: 'Decline what a webhook has missed until now',
    description:
      'It is offered no more, also when the webhook is disabled and enabled again. The events stay.',
    access: 'account',
    responses: { 204: { description: 'It is forgotten.' } },
    handle: async ({ waybill, params }) => {
      await waybill.replays.declineMissed(params.account as string, params.webhook as string);
      return { status: 204 };
    },
  }),
];
