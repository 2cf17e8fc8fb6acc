import type { Context } from 'hono';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { logged } from '../db/outage.ts';
import { notFound, WaybillError } from '../errors.ts';
import { parseInput, refuseProto } from '../input.ts';
import { checkAccountId } from '../manage/accounts.ts';
import { parseJson } from '../publish/json-source.ts';
import type { Waybill } from '../waybill.ts';
import { authenticate } from './auth.ts';
import { type Endpoint, mayCall, type Reply } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { problemResponse, publicError } from './problem.ts';

const NO_QUERY = z.strictObject({});
const SECURITY_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** The HTTP API over a Waybill. A Hono app: its `fetch` can be mounted into any framework. */
export function createApp(waybill: Waybill): Hono {
  const app = new Hono();
  app.use(limitBody(waybill.config.limits.maxRequestBytes));
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(endpoint.method.toUpperCase(), path, (context) => answer(waybill, endpoint, context));
  }
  app.notFound((context) => noSuchRoute(context));
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

/** Authenticate, authorise, parse, act, reply. */
async function answer(waybill: Waybill, endpoint: Endpoint, context: Context): Promise<Response> {
  const params = context.req.param() as Record<string, string>;
  if (endpoint.access !== 'open') {
    const identity = await authenticate(waybill, context.req.header('authorization'));
    if (!mayCall(endpoint.access, identity, params.account)) throw notFound('resource');
    if (params.account !== undefined) checkAccountId(params.account);
  }
  const query = parseInput(endpoint.query ?? NO_QUERY, queryOf(context));
  const body = await readBody(endpoint, context);
  const header = (name: string): string | undefined => context.req.header(name);
  return replyWith(await endpoint.handle({ waybill, params, query, body, header }));
}

async function readBody(endpoint: Endpoint, context: Context): Promise<unknown> {
  if (!endpoint.body) return undefined;
  const encoding = context.req.header('content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new WaybillError(
      'unsupported_encoding',
      415,
      `The body is encoded with ${encoding.slice(0, 20)}; send it plain.`,
    );
  }
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length === 0 && endpoint.body.optional) return parseInput(endpoint.body.schema, {});
  const json = parseJson(bytes);
  if (endpoint.body.raw) return json;
  refuseProto(json.value);
  return parseInput(endpoint.body.schema, json.value);
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

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new WaybillError('request_too_large', 413, `The request is larger than ${maxSize} bytes.`);
    },
  });
}

/** A path that is there answers 405 with the methods it has (RFC 9110, 15.5.6). */
function noSuchRoute(context: Context): Response {
  const methods = endpoints
    .filter((endpoint) => pathPattern(endpoint.path).test(context.req.path))
    .map((endpoint) => endpoint.method.toUpperCase());
  if (methods.length === 0) {
    return problemResponse(
      new WaybillError('not_found', 404, 'There is nothing at this path.'),
      SECURITY_HEADERS,
    );
  }
  const allow = methods.join(', ');
  const error = new WaybillError('method_not_allowed', 405, `This path answers ${allow} only.`);
  return problemResponse(error, { ...SECURITY_HEADERS, allow });
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
