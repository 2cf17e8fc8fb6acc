import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { openApiText } from '../openapi.ts';

const readySchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  database: z.boolean().describe('Whether the database answers.'),
  dispatcher: z.boolean().describe('Whether this process sends.'),
});

export const healthEndpoints = [
  endpoint({
    method: 'get',
    path: '/healthz',
    operationId: 'health',
    tag: 'Health',
    summary: 'Whether the process lives',
    access: 'open',
    responses: { 200: { description: 'It does.', schema: z.object({ status: z.literal('ok') }) } },
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  }),
  endpoint({
    method: 'get',
    path: '/readyz',
    operationId: 'ready',
    tag: 'Health',
    summary: 'Whether it can do its work now',
    access: 'open',
    responses: {
      200: { description: 'It can.', schema: readySchema },
      503: { description: 'It cannot.', schema: readySchema },
    },
    handle: async ({ waybill }) => {
      const state = await waybill.ready();
      const ready = state.database && state.dispatcher;
      return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', ...state } };
    },
  }),
  endpoint({
    method: 'get',
    path: '/metrics',
    operationId: 'metrics',
    tag: 'Health',
    summary: 'What this process counts and measures, for Prometheus',
    access: 'platform',
    responses: {
      200: { description: 'The text format 0.0.4.', contentType: 'text/plain', schema: z.string() },
    },
    handle: async ({ waybill }) => ({
      status: 200,
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: await waybill.observer.metrics(),
    }),
  }),
  endpoint({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'Health',
    summary: 'This description',
    access: 'open',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({}) } },
    handle: async () => ({ status: 200, text: openApiText() }),
  }),
];
