import { OpenAPIHono, z } from '@hono/zod-openapi';
import { DESCRIPTION, VERSION } from '../version.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { problemSchema } from './problem.ts';

const COMMON_PROBLEMS: Record<number, string> = {
  400: '`validation_failed`, `malformed_json`, `json_too_deep`: the input breaks a rule.',
  401: '`unauthorized`: no API key, or not one that works.',
  404: '`not_found`: there is no such thing, or this key may not see it.',
  503: '`database_unavailable`: try again shortly.',
};

/** Describes all endpoints as OpenAPI 3.1. */
export function createOpenApiDocument(): object {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  const problem = app.openAPIRegistry.register('Problem', problemSchema);
  for (const endpoint of endpoints) register(app, endpoint, problem);
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Waybill',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:4400' }],
    tags: [...new Set(endpoints.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
  });
}

function register(app: OpenAPIHono, endpoint: Endpoint, problem: z.ZodType): void {
  const params = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, z.string()] as const);
  app.openAPIRegistry.registerPath({
    method: endpoint.method,
    path: endpoint.path,
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: endpoint.description,
    security: endpoint.access === 'open' ? [] : [{ apiKey: [] }],
    request: {
      params: params.length > 0 ? z.object(Object.fromEntries(params)) : undefined,
      query: endpoint.query,
      headers: endpoint.requestHeaders,
      body: endpoint.body && {
        required: !endpoint.body.optional,
        content: { 'application/json': { schema: endpoint.body.schema } },
      },
    },
    responses: { ...answersOf(endpoint), ...problemsOf(endpoint, problem) },
  });
}

function answersOf(endpoint: Endpoint) {
  return Object.fromEntries(
    Object.entries(endpoint.responses).map(([status, { description, schema }]) => [
      status,
      schema ? { description, content: { 'application/json': { schema } } } : { description },
    ]),
  );
}

function problemsOf(endpoint: Endpoint, problem: z.ZodType) {
  const common = endpoint.access === 'open' ? {} : COMMON_PROBLEMS;
  return Object.fromEntries(
    Object.entries({ ...common, ...endpoint.problems }).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
}
