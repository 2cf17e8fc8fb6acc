import { z } from 'zod';
import type { Caller } from '../../people/caller.ts';
import { roleSchema } from '../../people/invitations.ts';
import { endpoint } from '../endpoint.ts';
import { wireId } from '../formats.ts';
import { pageBody, pageQuery, pageRequest, pageSchema } from '../pagination.ts';

const memberSchema = z
  .object({
    id: wireId('usr'),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    createdAt: z.iso.datetime().describe('When they got a role here.'),
    lastSignInAt: z.iso.datetime().nullable(),
  })
  .describe('Somebody who may sign in.');

const OWNERS = {
  403: '`forbidden`: your role does not allow it; only owners make and unmake owners.',
  409: '`last_owner`: make another one first.',
};

/** The same for an account and for the platform. */
const usersOf = (scope: 'account' | 'platform') => {
  const path = scope === 'account' ? '/v1/accounts/{account}/users' : '/v1/users';
  const [one, of] = scope === 'account' ? ['User', 'the account'] : ['PlatformUser', 'the platform'];
  const shared = { tag: 'Users', access: scope, closedToGuests: true } as const;
  return [
    endpoint({
      ...shared,
      method: 'get',
      path,
      operationId: `list${one}s`,
      summary: `List the users of ${of}`,
      query: z.strictObject(pageQuery),
      responses: { 200: { description: 'A page of users.', schema: pageSchema(memberSchema) } },
      handle: async ({ waybill, params, query }) => {
        const page = await waybill.people.members.list(params.account ?? null, pageRequest(query));
        return { status: 200, body: pageBody(page) };
      },
    }),
    endpoint({
      ...shared,
      method: 'patch',
      path: `${path}/{user}`,
      operationId: `change${one}Role`,
      summary: `Give a user of ${of} another role`,
      permission: 'people',
      body: { schema: z.strictObject({ role: roleSchema }) },
      responses: { 200: { description: 'The user.', schema: memberSchema } },
      problems: OWNERS,
      handle: async ({ waybill, params, identity, body }) => {
        const { members } = waybill.people;
        const changed = await members.setRole(
          identity as Caller,
          params.account ?? null,
          params.user as string,
          body.role,
        );
        return { status: 200, body: changed };
      },
    }),
    endpoint({
      ...shared,
      method: 'delete',
      path: `${path}/{user}`,
      operationId: `remove${one}`,
      summary: `Take a user out of ${of}`,
      description: 'At once. Whoever has no role left anywhere is forgotten.',
      permission: 'people',
      responses: { 204: { description: 'They have no role here any more.' } },
      problems: OWNERS,
      handle: async ({ waybill, params, identity }) => {
        const { members } = waybill.people;
        await members.remove(identity as Caller, params.account ?? null, params.user as string);
        return { status: 204 };
      },
    }),
  ];
};

export const userEndpoints = [...usersOf('account'), ...usersOf('platform')];
