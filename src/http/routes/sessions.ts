import { z } from 'zod';
import { toWireId } from '../../ids.ts';
import { emailSchema } from '../../input.ts';
import { actorOf } from '../../people/actor.ts';
import type { Caller, UserCaller } from '../../people/caller.ts';
import { newPasswordSchema, passwordSchema } from '../../people/password.ts';
import { permissionsIn, roleIn } from '../../people/permissions.ts';
import { endpoint } from '../endpoint.ts';
import { accountId, wireId } from '../formats.ts';

const role = z.enum(['owner', 'admin', 'viewer']);
const may = z
  .array(z.enum(['look', 'change', 'people']))
  .describe('`look` at things, `change` them, say who may sign in (`people`).');

const meSchema = z
  .object({
    kind: z.enum(['key', 'user', 'portal']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable().describe('null: it is no user.'),
    platform: z
      .object({ role, may })
      .nullable()
      .describe('The role of the platform, which holds in every account; null: none.'),
    accounts: z
      .array(z.object({ id: accountId, role, may }))
      .describe('The accounts there is a role of; those of who has one of the platform are not listed.'),
    expiresAt: z.iso.datetime().nullable().describe('When the session ends; null: keys do not expire.'),
  })
  .describe('Who asks, and what they may do.');

const sessionSchema = z.object({
  id: wireId('ses'),
  current: z.boolean().describe('Whether it is the one that asks.'),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

export const signedInSchema = z.object({ id: wireId('usr') });
export const LIMITED = { 429: '`too_many_attempts`: wait as long as `Retry-After` says at most.' };

function meOf(caller: Caller): z.output<typeof meSchema> {
  const { kind, id, name } = actorOf(caller);
  const platformRole = roleIn(caller, null);
  return {
    kind: kind === 'link' ? 'portal' : kind,
    id,
    name: caller.kind === 'user' ? caller.name : name,
    email: caller.kind === 'user' ? caller.email : null,
    platform: platformRole ? { role: platformRole, may: [...permissionsIn(caller, null)] } : null,
    accounts: accountsOf(caller).flatMap((account) => {
      const held = roleIn(caller, account);
      return held ? [{ id: account, role: held, may: [...permissionsIn(caller, account)] }] : [];
    }),
    expiresAt: 'expiresAt' in caller ? caller.expiresAt.toISOString() : null,
  };
}

function accountsOf(caller: Caller): readonly string[] {
  if (caller.kind === 'platform') return [];
  return caller.kind === 'user' ? [...caller.accountRoles.keys()] : [caller.accountId];
}

/** The endpoint has let in nobody else. */
function userOf(caller: Caller | undefined): UserCaller {
  if (caller?.kind !== 'user') throw new Error('an endpoint of users was called by somebody else');
  return caller;
}

export const sessionEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/sign-in',
    operationId: 'signIn',
    tag: 'Sessions',
    summary: 'Sign in with e-mail and password',
    description:
      'Sets a cookie that no script can read and other sites cannot send; it lasts 7 days. 10 attempts for an e-mail and ' +
      '50 from an address are let through in 15 minutes.',
    access: 'open',
    setsCookie: true,
    body: { schema: z.strictObject({ email: emailSchema, password: passwordSchema }) },
    responses: { 200: { description: 'Signed in.', schema: signedInSchema } },
    problems: { 401: '`sign_in_failed`: the e-mail or the password is wrong.', ...LIMITED },
    handle: async ({ waybill, body, client }) => {
      const { userId, cookies } = await waybill.people.sessions.signIn(body.email, body.password, client);
      return { status: 200, body: { id: userWireId(userId) }, cookies };
    },
  }),
  endpoint({
    method: 'post',
    path: '/v1/sign-out',
    operationId: 'signOut',
    tag: 'Sessions',
    summary: 'Sign out',
    access: 'user',
    responses: { 204: { description: 'The session has ended.' } },
    handle: async ({ waybill, identity, client }) => {
      const cookies = await waybill.people.sessions.signOut(userOf(identity), client);
      return { status: 204, cookies };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/me',
    operationId: 'getMe',
    tag: 'Sessions',
    summary: 'Who I am, and what I may do',
    access: 'key',
    responses: { 200: { description: 'The caller.', schema: meSchema } },
    handle: async ({ identity }) => ({ status: 200, body: meOf(identity as Caller) }),
  }),
  endpoint({
    method: 'post',
    path: '/v1/me/password',
    operationId: 'changePassword',
    tag: 'Sessions',
    summary: 'Change my password',
    description: 'Every session of mine ends; the browser that asks gets a new one.',
    access: 'user',
    body: { schema: z.strictObject({ currentPassword: passwordSchema, newPassword: newPasswordSchema }) },
    responses: { 204: { description: 'It is changed.' } },
    problems: { 400: '`wrong_password`, `validation_failed`', ...LIMITED },
    handle: async ({ waybill, identity, body, client }) => {
      const passwords = { current: body.currentPassword, new: body.newPassword };
      const cookies = await waybill.people.sessions.changePassword(userOf(identity), passwords, client);
      return { status: 204, cookies };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/me/sessions',
    operationId: 'listMySessions',
    tag: 'Sessions',
    summary: 'List my sessions, newest first',
    access: 'user',
    responses: {
      200: {
        description: 'At most 100.',
        schema: z.object({ data: z.array(sessionSchema), nextCursor: z.null() }),
      },
    },
    handle: async ({ waybill, identity }) => {
      const data = await waybill.people.sessions.list(userOf(identity));
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
  endpoint({
    method: 'delete',
    path: '/v1/me/sessions/{session}',
    operationId: 'revokeMySession',
    tag: 'Sessions',
    summary: 'End one of my sessions',
    access: 'user',
    responses: { 204: { description: 'It has ended.' } },
    handle: async ({ waybill, identity, params }) => {
      await waybill.people.sessions.revoke(userOf(identity), params.session as string);
      return { status: 204 };
    },
  }),
];

/** `usr_…` */
export function userWireId(uuid: string): string {
  return toWireId('usr', uuid);
}
