import { z } from 'zod';
import { setupSchema } from '../../people/owner-link.ts';
import { endpoint } from '../endpoint.ts';
import { url } from '../formats.ts';
import { LIMITED, signedInSchema, userWireId } from './sessions.ts';

export const setupEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/setup',
    operationId: 'setUp',
    tag: 'Setup',
    summary: 'Become the owner, by the link of the first start',
    description: 'Signs in as well. The link is used up.',
    access: 'open',
    setsCookie: true,
    body: { schema: setupSchema },
    responses: { 201: { description: 'The owner, signed in.', schema: signedInSchema } },
    problems: {
      401: '`sign_in_failed`: there is a user of this e-mail, and this is not their password.',
      404: '`link_invalid`: it has been used, or is none.',
      409: '`owner_exists`: owners invite others.',
      ...LIMITED,
    },
    handle: async ({ waybill, body, client }) => {
      const { userId, cookies } = await waybill.people.ownerLink.use(body, client);
      return { status: 201, body: { id: userWireId(userId) }, cookies };
    },
  }),
  endpoint({
    method: 'post',
    path: '/v1/owner-link',
    operationId: 'createOwnerLink',
    tag: 'Setup',
    summary: 'Make a new link to become the owner, while there is none',
    description: 'That of before no longer works.',
    access: 'platform',
    permission: 'people',
    responses: { 201: { description: 'The link, this once.', schema: z.object({ url }) } },
    problems: { 409: '`owner_exists`: owners invite others.' },
    handle: async ({ waybill }) => ({ status: 201, body: { url: await waybill.people.ownerLink.renew() } }),
  }),
];
