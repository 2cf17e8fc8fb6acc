import { z } from 'zod';
import type { Caller } from '../../people/caller.ts';
import { acceptSchema, invitationSchema, roleSchema } from '../../people/invitations.ts';
import { tokenSchema } from '../../people/owner-link.ts';
import { endpoint } from '../endpoint.ts';
import { accountId, url, wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';
import { LIMITED, signedInSchema, userWireId } from './sessions.ts';

const shownSchema = z
  .object({
    id: wireId('inv'),
    email: z.string(),
    role: roleSchema,
    account: accountId.nullable().describe('null: to the platform.'),
    invitedBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .describe('Somebody who may come, and has not yet.');

/** The same for an account and for the platform. */
const invitationsTo = (scope: 'account' | 'platform') => {
  const path = scope === 'account' ? '/v1/accounts/{account}/invitations' : '/v1/invitations';
  const [one, to] =
    scope === 'account' ? ['Invitation', 'the account'] : ['PlatformInvitation', 'the platform'];
  const shared = { tag: 'Users', access: scope, closedToGuests: true } as const;
  return [
    endpoint({
      ...shared,
      method: 'post',
      path,
      operationId: `create${one}`,
      permission: 'people',
      summary: `Invite somebody to ${to}`,
      description:
        'The link is in this answer and never again: hand it to them. It works once, for 7 days. What the same e-mail ' +
        'was sent before no longer works.',
      body: { schema: invitationSchema },
      responses: {
        201: { description: 'The invitation, with its link this once.', schema: shownSchema.extend({ url }) },
      },
      problems: {
        403: '`forbidden`: your role does not allow it; only owners make owners.',
        409: '`already_member`: change their role instead.',
      },
      handle: async ({ waybill, params, identity, body }) => ({
        status: 201,
        body: await waybill.people.invitations.create(identity as Caller, params.account ?? null, body),
      }),
    }),
    endpoint({
      ...shared,
      method: 'get',
      path,
      operationId: `list${one}s`,
      summary: `List the invitations to ${to} that can still be accepted, newest first`,
      query: z.strictObject(pageQuery),
      responses: { 200: { description: 'A page of invitations.', schema: pageSchema(shownSchema) } },
      handle: async ({ waybill, params, query }) => {
        const page = await waybill.people.invitations.list(params.account ?? null, pageRequest(query));
        return { status: 200, body: pageBody(page) };
      },
    }),
    endpoint({
      ...shared,
      method: 'delete',
      path: `${path}/{invitation}`,
      operationId: `revoke${one}`,
      permission: 'people',
      summary: `Take an invitation to ${to} back`,
      responses: { 204: { description: 'Its link no longer works.' } },
      handle: async ({ waybill, params }) => {
        await waybill.people.invitations.revoke(params.account ?? null, params.invitation as string);
        return { status: 204 };
      },
    }),
  ];
};

export const invitationEndpoints = [
  ...invitationsTo('account'),
  ...invitationsTo('platform'),
  endpoint({
    method: 'post',
    path: '/v1/invitation/look',
    operationId: 'lookAtInvitation',
    tag: 'Users',
    summary: 'What a link invites to',
    access: 'open',
    body: { schema: z.strictObject({ token: tokenSchema }) },
    responses: { 200: { description: 'The invitation.', schema: shownSchema } },
    problems: { 404: '`link_invalid`: it has been used or taken back, has expired, or is none.' },
    handle: async ({ waybill, body }) => ({
      status: 200,
      body: await waybill.people.invitations.look(body.token),
    }),
  }),
  endpoint({
    method: 'post',
    path: '/v1/invitation/accept',
    operationId: 'acceptInvitation',
    tag: 'Users',
    summary: 'Come in by a link',
    description: 'Signs in as well. Somebody who has been here before gives the password they have.',
    access: 'open',
    setsCookie: true,
    body: { schema: acceptSchema },
    responses: { 201: { description: 'Signed in.', schema: signedInSchema } },
    problems: {
      401: '`sign_in_failed`: there is a user of this e-mail, and this is not their password.',
      404: '`link_invalid`: it has been used or taken back, has expired, or is none.',
      ...LIMITED,
    },
    handle: async ({ waybill, body, client }) => {
      const { userId, cookies } = await waybill.people.invitations.accept(body, client);
      return { status: 201, body: { id: userWireId(userId) }, cookies };
    },
  }),
];
