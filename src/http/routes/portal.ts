import { z } from 'zod';
import { tokenSchema } from '../../people/owner-link.ts';
import { portalLinkSchema } from '../../people/portal.ts';
import { mayNot } from '../../people/refusals.ts';
import { endpoint } from '../endpoint.ts';
import { accountId, url, wireId } from '../formats.ts';

export const portalEndpoints = [
  endpoint({
    method: 'post',
    path: '/v1/accounts/{account}/portal-links',
    operationId: 'createPortalLink',
    tag: 'Portal',
    summary: 'Make a link that lets somebody into the account once',
    description: 'For the pages of the platform: send the browser there, or hold it in a frame.',
    access: 'platform',
    body: { schema: portalLinkSchema, optional: true },
    responses: {
      201: {
        description: 'The link, this once.',
        schema: z.object({ id: wireId('pln'), url, expiresAt: z.iso.datetime() }),
      },
    },
    handle: async ({ waybill, params, body }) => ({
      status: 201,
      body: await waybill.people.portal.createLink(params.account as string, body),
    }),
  }),
  endpoint({
    method: 'post',
    path: '/v1/portal/session',
    operationId: 'openPortal',
    tag: 'Portal',
    summary: 'Use a link up for a session',
    description:
      'The token of the session is in this answer and never again; send it as `Authorization: Bearer`. There is no ' +
      'cookie, so that it works in frames whatever browsers do with those of third parties.',
    access: 'open',
    body: { schema: z.strictObject({ token: tokenSchema }) },
    responses: {
      201: {
        description: 'The session.',
        schema: z.object({
          token: z.string().meta({ pattern: '^wbp_[A-Za-z0-9_-]{43}$' }),
          account: accountId,
          role: z.enum(['admin', 'viewer']),
          expiresAt: z.iso.datetime(),
        }),
      },
    },
    problems: { 404: '`link_invalid`: it has been used, has expired, or is none.' },
    handle: async ({ waybill, body }) => ({
      status: 201,
      body: await waybill.people.portal.exchange(body.token),
    }),
  }),
  endpoint({
    method: 'delete',
    path: '/v1/portal/session',
    operationId: 'closePortal',
    tag: 'Portal',
    summary: 'End the session of the portal that asks',
    access: 'key',
    responses: { 204: { description: 'It has ended.' } },
    problems: { 403: '`forbidden`: it is no session of the portal that asks.' },
    handle: async ({ waybill, identity }) => {
      if (identity?.kind !== 'portal') throw mayNot('Only a session of the portal has this.', 'guest');
      await waybill.people.portal.end(identity);
      return { status: 204 };
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/branding',
    operationId: 'getBranding',
    tag: 'Portal',
    summary: 'How pages look: as the platform does',
    access: 'open',
    responses: {
      200: {
        description: 'What is configured; null: as Waybill does.',
        schema: z.object({
          name: z.string().nullable(),
          logoUrl: url.nullable(),
          color: z.string().meta({ pattern: '^#[0-9A-Fa-f]{6}$' }).nullable(),
        }),
      },
    },
    handle: async ({ waybill }) => ({ status: 200, body: waybill.config.branding }),
  }),
];
