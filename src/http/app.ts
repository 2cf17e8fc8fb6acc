import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import { actingAs } from '../audit/actor.ts';
import { logged } from '../db/outage.ts';
import { notFound, WaybillError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { checkAccountId } from '../manage/accounts.ts';
import { actorOf } from '../people/actor.ts';
import type { Caller } from '../people/caller.ts';
import { mayNot } from '../people/refusals.ts';
import type { Waybill } from '../waybill.ts';
import { authenticate } from './auth.ts';
import { readBody } from './body.ts';
import { clientOf } from './client.ts';
import { addDashboard } from './dashboard.ts';
import { type Endpoint, judgeCall, type Reply } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { problemResponse, publicError } from './problem.ts';
import { refuseCrossSite } from './same-origin.ts';
import { API_HEADERS } from './security-headers.ts';

const NO_QUERY = z.strictObject({});
// As long as attempts to sign in are counted together at most.
const RETRY_AFTER_SECONDS = '900';

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
  if (dashboard) addDashboard(app, waybill.config);
  refuseOtherPaths(app);
  app.onError((error, context) => {
    const shown = publicError(error);
    if (shown.status >= 500) {
      waybill.log.error({ ...logged(shown.cause ?? error), path: context.req.path }, 'a request failed');
    }
    return problemResponse(shown, { ...API_HEADERS, ...headersOf(shown) });
  });
  return app;
}

/** What a status asks for (RFC 9110): a 401 a challenge; a 413 the end of the connection, as the rest isn't read. */
function headersOf({ status, retryAfterSeconds }: WaybillError): Record<string, string> {
  if (retryAfterSeconds !== undefined) return { 'retry-after': String(retryAfterSeconds) };
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  if (status === 429) return { 'retry-after': RETRY_AFTER_SECONDS };
  return status === 413 ? { connection: 'close' } : {};
}

/** Authenticate, authorise, parse, act, reply. Of a body nothing is read before it is known who sends it. */
async function answer(waybill: Waybill, endpoint: Endpoint, context: Context): Promise<Response> {
  const params = context.req.param() as Record<string, string>;
  const header = (name: string): string | undefined => context.req.header(name);
  let identity: Caller | undefined;
  if (endpoint.access !== 'open') {
    identity = await authenticate(waybill, context.req.method, header);
    authorize(endpoint, identity, params.account);
    if (params.account !== undefined) checkAccountId(params.account);
  } else if (endpoint.setsCookie) {
    refuseCrossSite(header, waybill.config.publicUrl);
  }
  const query = parseInput(endpoint.query ?? NO_QUERY, queryOf(context));
  const body = await readBody(endpoint, context.req, waybill.config.limits.maxRequestBytes);
  const client = clientOf(context, waybill.config.trustProxy);
  const act = () => endpoint.handle({ waybill, params, query, body, header, identity, client });
  return replyWith(await (identity ? actingAs(actorOf(identity), act) : act()));
}

/** @throws WaybillError `not_found` (404), `forbidden` (403) */
function authorize(endpoint: Endpoint, caller: Caller, account: string | undefined): void {
  const judgement = judgeCall(endpoint, caller, account);
  if (judgement === 'hidden') throw notFound('resource');
  if (judgement === 'allowed') return;
  if (endpoint.access === 'user') throw mayNot('Only somebody who has signed in has this.', 'session');
  throw mayNot('Your role here does not allow this.', 'role');
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
  const headers = new Headers(API_HEADERS);
  if (text !== null) headers.set('content-type', reply.contentType ?? 'application/json');
  for (const cookie of reply.cookies ?? []) headers.append('set-cookie', cookie);
  return new Response(text, { status: reply.status, headers });
}

/** A path that is there answers 405 with the methods it has (RFC 9110, 15.5.6). */
function refuseOtherMethods(app: Hono): void {
  for (const [path, known] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    const allow = known.map((endpoint) => endpoint.method.toUpperCase()).join(', ');
    const error = new WaybillError('method_not_allowed', 405, `This path answers ${allow} only.`);
    app.all(routeOf(path), () => problemResponse(error, { ...API_HEADERS, allow }));
  }
}

/** A route and not `app.notFound`, which an app that this one is mounted in passes over. */
function refuseOtherPaths(app: Hono): void {
  const error = new WaybillError('not_found', 404, 'There is nothing at this path.');
  app.all('*', () => problemResponse(error, API_HEADERS));
}

function routeOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
