import { z } from 'zod';
import { alertRecipientSchema, mailLanguageSchema } from '../../manage/alert-recipients.ts';
import { alertKindSchema } from '../../manage/alerts.ts';
import { endpoint } from '../endpoint.ts';
import { wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const recipientSchema = z
  .object({
    id: wireId('rcp'),
    email: z.string(),
    kinds: z.array(alertKindSchema).nullable().describe('null: all kinds.'),
    language: mailLanguageSchema.describe('That of the mails.'),
    createdAt: z.iso.datetime(),
  })
  .describe('Somebody who is told of alerts by mail, once when an alert is opened.');

const listSchema = pageSchema(recipientSchema).extend({
  mailConfigured: z
    .boolean()
    .describe('false: this server has no mail server to send through, so nobody is told.'),
});

/** The same for an account and for all of them. */
const recipientsOf = (scope: 'account' | 'platform') => {
  const path = scope === 'account' ? '/v1/accounts/{account}/alert-recipients' : '/v1/alert-recipients';
  const one = scope === 'account' ? 'AlertRecipient' : 'PlatformAlertRecipient';
  const of = scope === 'account' ? 'the alerts of an account' : 'the alerts of all accounts';
  const shared = { tag: 'Alerts', access: scope, closedToGuests: true } as const;
  return [
    endpoint({
      ...shared,
      method: 'get',
      path,
      operationId: `list${one}s`,
      summary: `Who is told of ${of} by mail, newest first`,
      query: z.strictObject(pageQuery),
      responses: { 200: { description: 'A page of them.', schema: listSchema } },
      handle: async ({ waybill, params, query }) => {
        const page = await waybill.alertRecipients.list(params.account ?? null, pageRequest(query));
        return {
          status: 200,
          body: { ...pageBody(page), mailConfigured: waybill.config.mail !== undefined },
        };
      },
    }),
    endpoint({
      ...shared,
      method: 'post',
      path,
      operationId: `add${one}`,
      summary: `Have somebody told of ${of} by mail`,
      body: { schema: alertRecipientSchema },
      responses: { 201: { description: 'They are told from now on.', schema: recipientSchema } },
      problems: { 409: '`recipient_exists`; `too_many_recipients`: no more than 20 are told.' },
      handle: async ({ waybill, params, body }) => ({
        status: 201,
        body: await waybill.alertRecipients.add(params.account ?? null, body),
      }),
    }),
    endpoint({
      ...shared,
      method: 'delete',
      path: `${path}/{recipient}`,
      operationId: `remove${one}`,
      summary: `Have somebody no longer told of ${of}`,
      responses: { 204: { description: 'They are told no more.' } },
      handle: async ({ waybill, params }) => {
        await waybill.alertRecipients.remove(params.account ?? null, params.recipient as string);
        return { status: 204 };
      },
    }),
  ];
};

export const alertRecipientEndpoints = [...recipientsOf('account'), ...recipientsOf('platform')];
