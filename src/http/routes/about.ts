import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

const aboutSchema = z
  .object({
    version: z.string(),
    uptimeSeconds: z.int().describe('Of the process that answers.'),
    database: z.object({
      kind: z.enum(['embedded', 'postgres']),
      version: z.string().describe('Of PostgreSQL.'),
      bytes: z.int(),
      tables: z
        .array(z.object({ name: z.string(), bytes: z.int() }))
        .describe('The largest first, each with its indexes.'),
    }),
    nodes: z
      .array(
        z.object({
          id: z.uuid(),
          startedAt: z.iso.datetime(),
          lanes: z.int().describe('How many of the 64 lanes it sends for.'),
          isThis: z.boolean().describe('Whether it is the one that answers.'),
        }),
      )
      .describe('Those that live and send, the oldest first.'),
  })
  .describe('What runs here.');

export const aboutEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/about',
    operationId: 'readAbout',
    tag: 'About',
    summary: 'What runs here: version, database, nodes',
    access: 'platform',
    responses: { 200: { description: 'What runs here.', schema: aboutSchema } },
    handle: async ({ waybill }) => ({ status: 200, body: await waybill.about.read() }),
  }),
];
