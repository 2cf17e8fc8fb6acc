import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import { logged } from '../db/outage.ts';
import { notFound, WaybillError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { checkAccountId } from '../manage/accounts.ts';
import type { Identity } from '../manage/api-keys.ts';
import type { Waybill } from '../waybill.ts';
import { authenticate } from './auth.ts';
import { readBody } from './body.ts';
import { addDashboard } from './dashboard.ts';
import { type Endpoint, mayCall, type Reply } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { problemResponse, publicError } from './problem.ts';

const NO_QUERY = z.strictObject({});
const SECURITY_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export interface AppOptions {
  /** Whether it serves the dashboard as well, which takes the root of an origin. Default: no. */
  readonly dashboard?: boolean;
}

/**
 * The HTTP API over a Waybill. A Hono app: its `fetch` can be mounted into any framework. It answers every path
 * below the one it is mounted at.
 */
export function createApp(waybill: Waybill, { dashboard = false }: AppOptions = {}): Hono {
  const app = new Hono();
  for (const endpoint of endpoints) {
    const method = endpoint.method.toUpperCase();
    app.on(method, routeOf(endpoint.path), (context) => answer(waybill, endpoint, context));
  }
  refuseOtherMethods(app);
  if (dashboard) addDashboard(app);
  refuseOtherPaths(app);
  app.onError((error, context) => {
    const shown = publicError(error);
    if (shown.status >= 500) {
      waybill.log.error({ ...logged(shown.cause ?? error), path: context.req.path }, 'a request failed');
    }
    return problemResponse(shown, { ...SECURITY_HEADERS, ...headersOf(shown.status) });
  });
  return app;
}

/** What a status asks for (RFC 9110): a 401 a challenge; a 413 the end of the connection, as the rest isn't read. */
function headersOf(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return status === 413 ? { connection: 'close' } : {};
}

/** Authenticate, authorise, parse, act, reply. Of a body nothing is read before it is known who sends it. */
async function answer(waybill: Waybill, endpoint: Endpoint, context: Context): Promise<Response> {
  const params = context.req.param() as Record<string, string>;
  let identity: Identity | undefined;
  if (endpoint.access !== 'open') {
    identity = await authenticate(waybill, context.req.header('authorization'));
    if (!mayCall(endpoint.access, identity, params.account)) throw notFound('resource');
    if (params.account !== undefined) checkAccountId(params.account);
  }
  const query = parseInput(endpoint.query ?? NO_QUERY, queryOf(context));
  const body = await readBody(endpoint, context.req, waybill.config.limits.maxRequestBytes);
  const header = (name: string): string | undefined => context.req.header(name);
  return replyWith(await endpoint.handle({ waybill, params, query, body, header, identity }));
}

/** A parameter given twice is a mistake, not a list. */
function queryOf(context: Context): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context.req.queries()).map(([name, values]) => {
      if (values.length > 1) {
        throw new WaybillError('validation_failed', 400, `${name.slice(0, 100)}: is given more than once.`);
      }
      return [name, values[0] ?? ''];
    }),
  );
}

function replyWith(reply: Reply): Response {
  const text = reply.text ?? (reply.body === undefined ? null : JSON.stringify(reply.body));
  const headers =
    text === null ? SECURITY_HEADERS : { 'content-type': 'application/json', ...SECURITY_HEADERS };
  return new Response(text, { status: reply.status, headers });
}

/** A path that is there answers 405 with the methods it has (RFC 9110, 15.5.6). */
function refuseOtherMethods(app: Hono): void {
  for (const [path, known] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const allow = known.map((endpoint) => endpoint.method.toUpperCase()).join(', ');
    const error = new WaybillError('method_not_allowed', 405, `This path answers ${allow} only.`);
    app.all(routeOf(path), () => problemResponse(error, { ...SECURITY_HEADERS, allow }));
  }
}

/** A route and not `app.notFound`, which an app that this one is mounted in passes over. */
function refuseOtherPaths(app: Hono): void {
  const error = new WaybillError('not_found', 404, 'There is nothing at this path.');
  app.all('*', () => problemResponse(error, SECURITY_HEADERS));
}

function routeOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
