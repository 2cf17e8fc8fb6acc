import { z } from 'zod';
import { loadProfiles } from '../../profile/load.ts';
import { endpoint } from '../endpoint.ts';

const profileSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    httpsOnly: z.boolean(),
    retry: z
      .object({ schedule: z.array(z.int()).describe('Seconds before each retry, exact.') })
      .nullable()
      .describe('null: the default schedule, with jitter.'),
  })
  .describe('A wire format a webhook can have.');

export const profileEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/profiles',
    operationId: 'listProfiles',
    tag: 'Profiles',
    summary: 'List the wire formats there are',
    access: 'open',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.object({ data: z.array(profileSchema), nextCursor: z.null() }),
      },
    },
    handle: async () => {
      const data = [...loadProfiles().values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, title, description, httpsOnly, retry }) => ({
          name,
          title,
          description,
          httpsOnly,
          retry: retry ?? null,
        }));
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
];
