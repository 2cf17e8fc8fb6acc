import { OpenAPIHono, z } from '@hono/zod-openapi';
import { secretSchema, testSchema, webhookFields } from '../manage/webhook-input.ts';
import { DESCRIPTION, VERSION } from '../version.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { eventPattern, eventType, pathParam, signingSecret } from './formats.ts';
import { problemSchema } from './problem.ts';

const COMMON_PROBLEMS: Record<number, string> = {
  400: '`validation_failed`, `invalid_cursor`, `malformed_json`, `json_too_deep`: the input breaks a rule.',
  500: '`internal_error`: something broke, and has been logged.',
};

const GUARDED_PROBLEMS: Record<number, string> = {
  401: '`unauthorized`: no API key and no session, or not one that works.',
  403: '`forbidden`: your role does not allow it; `cross_site_request`: with a cookie, from another site.',
  404: '`not_found`: there is no such thing, or you may not see it.',
  503: '`database_unavailable`: try again shortly.',
};

const SESSION_COOKIE = {
  type: 'apiKey',
  in: 'cookie',
  name: 'waybill.session_token',
  description: 'Set by signing in. With https its name begins with `__Secure-`.',
} as const;

const BODY_PROBLEMS: Record<number, string> = {
  413: '`request_too_large`: the connection is closed.',
  415: '`unsupported_encoding`: send the body plain.',
};

/** Describes all endpoints as OpenAPI 3.1. */
export function createOpenApiDocument(): object {
  describeRefinements();
  const app = new OpenAPIHono();
  const { openAPIRegistry: registry } = app;
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', SESSION_COOKIE);
  // Only schemas made after @hono/zod-openapi was loaded can be registered; a clone is.
  const problem = app.openAPIRegistry.register('Problem', problemSchema.clone());
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

/** What the refinements of an input check can't be read from its schema: it is said beside it. */
function describeRefinements(): void {
  webhookFields.events.element.register(z.globalRegistry, eventPattern.meta() ?? {});
  secretSchema.register(z.globalRegistry, signingSecret.meta() ?? {});
  testSchema.shape.eventType.register(z.globalRegistry, eventType.meta() ?? {});
}

function register(app: OpenAPIHono, endpoint: Endpoint, problem: z.ZodType): void {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const params = names.map((name) => [name, pathParam(name)] as const);
  app.openAPIRegistry.registerPath({
    method: endpoint.method,
    path: endpoint.path,
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: endpoint.description,
    security: securityOf(endpoint),
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

/** Where it is signed in for: a user's cookie alone, or a key as well. */
function securityOf({ access }: Endpoint): Record<string, string[]>[] {
  if (access === 'open') return [];
  return access === 'user' ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }];
}

function answersOf(endpoint: Endpoint) {
  return Object.fromEntries(
    Object.entries(endpoint.responses).map(
      ([status, { description, schema, contentType = 'application/json' }]) => [
        status,
        schema ? { description, content: { [contentType]: { schema } } } : { description },
      ],
    ),
  );
}

function problemsOf(endpoint: Endpoint, problem: z.ZodType) {
  const all = {
    ...COMMON_PROBLEMS,
    ...(endpoint.access === 'open' ? {} : GUARDED_PROBLEMS),
    ...(endpoint.body ? BODY_PROBLEMS : {}),
    ...endpoint.problems,
  };
  return Object.fromEntries(
    Object.entries(all).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
}
