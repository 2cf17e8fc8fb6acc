import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../src/http/app.ts';
import { endpoints } from '../../src/http/endpoints.ts';
import { createOpenApiDocument } from '../../src/http/openapi-document.ts';
import type { ApiAnswer } from '../support/api-client.ts';
import { PLATFORM_KEY, startTestWaybill } from '../support/waybill.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function expectProblem(answer: ApiAnswer, status: number, code: string, what = ''): void {
  expect({ status: answer.status, code: answer.body.code }, what).toEqual({ status, code });
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json');
  expect(answer.body.status, what).toBe(status);
}

/** Writes bytes to the server as they are, and reads its answer as it is. */
async function exchange(url: string, request: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  // Not ended by us: a server may take that for a caller who has gone away.
  socket.write(request);
  return text(socket);
}

function requestLine(target: string, method = 'GET', headers: readonly string[] = []): string {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${PLATFORM_KEY}`,
    'Connection: close',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

it('healthz says that it lives, and readyz that it can do its work, to anybody', async () => {
  const { url } = await startTestWaybill('postgres');
  const health = await fetch(`${url}/healthz`);
  expect(health.status).toBe(200);
  expect(health.headers.get('content-type')).toBe('application/json');
  expect(health.headers.get('cache-control')).toBe('no-store');
  expect(await health.json()).toEqual({ status: 'ok' });
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toEqual({ status: 'ready', database: true, dispatcher: true });
});

it('openapi.json describes every endpoint, and no other', async () => {
  const { url } = await startTestWaybill('postgres');
  const response = await fetch(`${url}/openapi.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  const document = JSON.parse(await response.text());
  expect(document.openapi).toMatch(/^3\.1\./);
  const described = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((key) => key !== 'parameters')
      .map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(endpoints.map((one) => `${one.method} ${one.path}`).sort());
  expect(new Set(endpoints.map((one) => one.operationId)).size).toBe(endpoints.length);
  for (const { path, method, access, responses } of endpoints) {
    const operation = document.paths[path][method];
    expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(Object.keys(responses)));
    const byKey = access === 'user' ? [] : [{ apiKey: [] }];
    expect(operation.security, path).toEqual(access === 'open' ? [] : [...byKey, { session: [] }]);
    const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const documented = (operation.parameters ?? []).filter((one: { in: string }) => one.in === 'path');
    expect(
      documented.map((one: { name: string }) => one.name),
      path,
    ).toEqual(params);
  }
});

it('openapi.json is what the code describes, and its check says so', async () => {
  const { url } = await startTestWaybill('postgres');
  const served = await (await fetch(`${url}/openapi.json`)).json();
  expect(served).toEqual(JSON.parse(JSON.stringify(createOpenApiDocument())));
  await promisify(execFile)(process.execPath, ['src/http/openapi-file.ts', 'verify'], { cwd: ROOT });
});

/** The schema of an answer, ready to check one with. References are put in: the only ones lead to a component. */
function answerSchema(document: string, operationId: string, status: number): z.ZodType {
  const { paths, components } = JSON.parse(document);
  const operation = Object.values<Record<string, { operationId: string; responses: unknown }>>(paths)
    .flatMap((path) => Object.values(path))
    .find((one) => one.operationId === operationId);
  const text = JSON.stringify(operation?.responses, (_, value) =>
    typeof value?.$ref === 'string' ? components.schemas[value.$ref.split('/').at(-1)] : value,
  );
  const { content } = JSON.parse(text)[status];
  return z.fromJSONSchema((content['application/json'] ?? content['application/problem+json']).schema);
}

it('answers are what openapi.json says they are', async () => {
  const { api } = await startTestWaybill('postgres');
  const document = (await api.get('/openapi.json')).text;
  const base = '/v1/accounts/acme';
  const path = `${base}/webhooks`;
  const input = { url: 'http://127.0.0.1:9999/', events: ['order.*'], status: 'paused' };
  const made = await api.post(path, input);
  const webhook = `${path}/${made.body.id}`;
  const published = await api.post(`${base}/events`, { type: 'order.created', data: null });
  const deliveries = await api.get(`${base}/deliveries`);
  const onlyKey = (await api.get('/v1/keys')).body.data[0].id;
  const lastKey = await api.delete(`/v1/keys/${onlyKey}`);
  const answers: [operationId: string, status: number, answer: ApiAnswer][] = [
    ['createWebhook', 201, made],
    ['createWebhook', 400, await api.post(path, {})],
    ['createWebhook', 415, await api.post(path, input, { 'content-encoding': 'gzip' })],
    ['listWebhooks', 200, await api.get(path)],
    ['updateWebhook', 200, await api.patch(webhook, { retry: { schedule: [1] } })],
    ['rotateSecret', 200, await api.post(`${webhook}/secret/rotate`)],
    ['testWebhook', 202, await api.post(`${webhook}/test`)],
    ['publishEvents', 202, published],
    ['publishEvents', 202, await api.post(`${base}/events`, { events: [{ type: 'a', data: [1] }] })],
    ['listEvents', 200, await api.get(`${base}/events`)],
    ['getEvent', 200, await api.get(`${base}/events/${published.body.id}`)],
    ['listDeliveries', 200, deliveries],
    ['getDelivery', 200, await api.get(`${base}/deliveries/${deliveries.body.data[0].id}`)],
    ['retryDelivery', 409, await api.post(`${base}/deliveries/${deliveries.body.data[0].id}/retry`)],
    ['getAccount', 200, await api.get(base)],
    ['createApiKey', 201, await api.post(`${base}/keys`)],
    ['listApiKeys', 200, await api.get(`${base}/keys`)],
    ['revokePlatformKey', 409, lastKey],
    ['createPlatformKey', 201, await api.post('/v1/keys')],
    ['listPlatformKeys', 200, await api.get('/v1/keys')],
    ['ready', 200, await api.get('/readyz')],
  ];
  for (const [operationId, status, answer] of answers) {
    expect(answer.status, operationId).toBe(status);
    const { error } = answerSchema(document, operationId, status).safeParse(answer.body);
    expect(error, `${operationId} ${answer.text}`).toBeUndefined();
  }
});

it('a key of the platform sees every account, and stops working when it is revoked', async () => {
  const { api } = await startTestWaybill('postgres');
  const { id, key } = (await api.post('/v1/keys', { name: 'CI' })).body;
  const other = api.withKey(key);
  expect((await other.get('/v1/accounts')).status).toBe(200);
  expect((await other.get('/v1/keys')).body.data).toEqual([
    expect.objectContaining({ hint: PLATFORM_KEY.slice(-4) }),
    { id, name: 'CI', hint: key.slice(-4), createdAt: expect.stringMatching(/Z$/) },
  ]);
  const ofAccount = (await api.post('/v1/accounts/acme/keys')).body;
  expectProblem(await api.delete(`/v1/keys/${ofAccount.id}`), 404, 'not_found');
  expectProblem(await api.delete(`/v1/accounts/acme/keys/${id}`), 404, 'not_found');
  expect((await api.delete(`/v1/keys/${id}`)).status).toBe(204);
  expectProblem(await other.get('/v1/accounts'), 401, 'unauthorized');
});

it('the last key of the platform cannot be revoked', async () => {
  const { api } = await startTestWaybill('postgres');
  const [last] = (await api.get('/v1/keys')).body.data;
  expectProblem(await api.delete(`/v1/keys/${last.id}`), 409, 'last_platform_key');
  expect((await api.get('/v1/keys')).body.data).toEqual([last]);
});

it('openapi.json says of an event that it has data, which may be any JSON', () => {
  const event = answerSchema(JSON.stringify(createOpenApiDocument()), 'getEvent', 200);
  const rest = {
    id: `evt_${'0'.repeat(32)}`,
    type: 'order.created',
    subject: null,
    channel: null,
    version: null,
    occurredAt: '2026-03-13T14:30:00.000Z',
    receivedAt: '2026-03-13T14:30:00.000Z',
    deliveries: 0,
    warnings: [],
    test: false,
  };
  for (const data of [null, true, 1.5, '', [], [[{}]], {}, { a: [null] }]) {
    expect(event.safeParse({ ...rest, data }).success, JSON.stringify(data)).toBe(true);
  }
  expect(event.safeParse(rest).success).toBe(false);
  expect(event.safeParse({ ...rest, id: 'evt_1', data: 1 }).success).toBe(false);
});

it('the patterns openapi.json gives for input take what is taken and refuse what is refused', async () => {
  const { api } = await startTestWaybill('postgres');
  const { paths } = JSON.parse((await api.get('/openapi.json')).text);
  const path = '/v1/accounts/acme/webhooks';
  const { schema } = paths['/v1/accounts/{account}/webhooks'].post.requestBody.content['application/json'];
  const described = z.fromJSONSchema(schema);
  const url = 'http://127.0.0.1:9999/';
  const base64 = (bytes: number): string => Buffer.alloc(bytes, 1).toString('base64');
  const inputs = [
    ...['*', 'order', 'order.*', 'a.b-c.D_1', 'a.b.*', 'x'.repeat(128)].map((one) => ({ events: [one] })),
    ...['', '.*', '*.*', 'order.', '.a', 'a..b', 'a*', 'a b', 'å', 'x'.repeat(129)].map((one) => ({
      events: [one],
    })),
    ...[24, 25, 32, 64].map((bytes) => ({ events: ['*'], secret: `whsec_${base64(bytes)}` })),
    ...['', 'whsec_', base64(32), `whsec_${base64(16)}`, `whsec_${base64(100)}`].map((secret) => ({
      events: ['*'],
      secret,
    })),
  ];
  for (const input of inputs) {
    const { status } = await api.post(path, { url, ...input });
    const { success } = described.safeParse({ url, ...input });
    expect(status, JSON.stringify(input)).toBe(success ? 201 : 400);
  }
});

it('every reference within openapi.json leads somewhere', () => {
  const document = JSON.parse(JSON.stringify(createOpenApiDocument()));
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, to]) => to as string,
  );
  expect(references.length).toBeGreaterThan(0);
  for (const to of references) {
    const found = to.split('/').reduce((at, key) => at?.[key.replaceAll('~1', '/')], document);
    expect(found, to).toBeDefined();
  }
});

it('an unknown path is a 404, as a problem, whatever the method', async () => {
  const { api } = await startTestWaybill('postgres');
  const paths = [
    '/',
    '/v1',
    '/v1/accounts/acme/nothing',
    '/v1/accounts/acme/events/',
    '//v1/accounts',
    '/V1/accounts',
    '/v2/accounts',
    '/favicon.ico',
    '/healthz/',
    '/openapi.json5',
    '/openapiXjson',
    '/index.html',
  ];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      expectProblem(await api.request(method, path), 404, 'not_found', `${method} ${path}`);
    }
  }
});

it('a wrong method is a 405 that names the right ones, in its text and in Allow (RFC 9110, 15.5.6)', async () => {
  const { api } = await startTestWaybill('postgres');
  const paths = [...new Set(endpoints.map((endpoint) => endpoint.path))];
  for (const path of paths) {
    const known = endpoints.filter((one) => one.path === path).map((one) => one.method.toUpperCase());
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (known.includes(method)) continue;
      const answer = await api.request(method, path.replaceAll(/\{\w+\}/g, 'x'));
      const what = `${method} ${path}`;
      expectProblem(answer, 405, 'method_not_allowed', what);
      for (const right of known) expect(answer.body.detail, what).toContain(right);
      const allow = answer.headers.get('allow')?.split(/, */) ?? [];
      expect(allow, what).toEqual(expect.arrayContaining(known));
      expect(allow, what).not.toContain(method);
    }
  }
});

it('mounted below a prefix, every path answers as it does by itself', async () => {
  const { waybill } = await startTestWaybill('postgres');
  const parent = new Hono();
  parent.route('/hooks', createApp(waybill));
  const headers = { authorization: `Bearer ${PLATFORM_KEY}` };
  const ask = (method: string, path: string) => parent.request(path, { method, headers });
  for (const path of [
    '/hooks',
    '/hooks/',
    '/hooks/nothing',
    '/hooks/v1/accounts/acme/events/',
    '/hooks/hooks/healthz',
  ]) {
    const answer = await ask('GET', path);
    expect([answer.status, answer.headers.get('content-type')], path).toEqual([
      404,
      'application/problem+json',
    ]);
    expect(await answer.json(), path).toMatchObject({ status: 404, code: 'not_found' });
  }
  const wrong = await ask('PATCH', '/hooks/v1/accounts/acme/keys/x');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'DELETE']);
  expect(await wrong.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
  expect((await ask('GET', '/hooks/healthz')).status).toBe(200);
  expect((await ask('PUT', '/hooks/v1/accounts/acme')).status).toBe(200);
  expect((await ask('GET', '/hooks/v1/accounts/-')).status).toBe(400);
  // What lies beside it is its parent's.
  expect((await ask('GET', '/healthz')).headers.get('content-type')).toMatch('text/plain');
});

it('HEAD is answered as GET is, without a body', async () => {
  const { url } = await startTestWaybill('postgres');
  const headers = { authorization: `Bearer ${PLATFORM_KEY}` };
  for (const [path, status] of [
    ['/healthz', 200],
    ['/v1/accounts', 200],
    ['/v1/accounts/nobody', 404],
    ['/nothing', 404],
  ] as const) {
    const response = await fetch(url + path, { method: 'HEAD', headers });
    expect([response.status, await response.text()], path).toEqual([status, '']);
  }
});

/** The answer to a request whose body never ends, as far as it has come when its head and body are there. */
async function firstAnswer(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(request);
  let answer = '';
  for await (const bytes of socket) {
    answer += bytes;
    if (answer.includes('}')) break;
  }
  return answer;
}

it('of a stranger’s body nothing is awaited: the 401 comes first', async () => {
  const { url } = await startTestWaybill('postgres');
  const line = requestLine('/v1/accounts/acme/events', 'POST', ['Transfer-Encoding: chunked']);
  const answer = await firstAnswer(url, `${line.replace(PLATFORM_KEY, 'wbk_wrong')}5\r\n{"typ\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer).toContain('"code":"unauthorized"');
});

it('a body that is said to be too large is refused before it comes, one that isn’t said as soon as it is', async () => {
  const { url } = await startTestWaybill('postgres', { limits: { maxRequestBytes: 1000 } });
  const path = '/v1/accounts/acme/events';
  const chunk = `1f4\r\n${' '.repeat(500)}\r\n`;
  const requests = [
    requestLine(path, 'POST', ['Content-Length: 1001']),
    requestLine(path, 'POST', ['Transfer-Encoding: chunked']) + chunk.repeat(3),
  ];
  for (const request of requests) {
    // Kept alive by the caller, closed by the server.
    const answer = await firstAnswer(url, request.replace('Connection: close\r\n', ''));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain('"code":"request_too_large"');
  }
});

it('a body as large as it may be is taken, whether its length is told or not', async () => {
  const { url } = await startTestWaybill('postgres', { limits: { maxRequestBytes: 1000 } });
  const body = '{"type":"a","data":1}'.padEnd(1000);
  for (const told of [true, false]) {
    const response = await fetch(`${url}/v1/accounts/acme/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PLATFORM_KEY}` },
      body: told ? body : new Blob([body]).stream(),
      duplex: 'half',
    });
    expect(response.status, String(told)).toBe(202);
  }
});

it('however odd a path is written, the answer is a problem in JSON, and never a server error', async () => {
  const { url } = await startTestWaybill('postgres');
  const targets: [target: string, status: number][] = [
    ['/%', 404],
    ['/%00', 404],
    ['/%zz', 404],
    ['/%c0%af', 404],
    ['/..%2f..%2fetc/passwd', 404],
    ['/v1/accounts/%', 400],
    ['/v1/accounts/%00/events', 400],
    ['/v1/accounts/%E0%A4%A/events', 400],
    ['/v1/accounts/%ED%A0%80/events', 400],
    ['/v1/accounts/%FF/webhooks', 400],
    ['/v1/accounts/a%2Fb/events', 400],
    ['/v1/accounts/a%0D%0Ax-evil:%201/events', 400],
    ['/v1/accounts/%3Cscript%3Ealert(1)%3C%2Fscript%3E', 400],
    ['/v1/accounts/<script>/events', 400],
    [`/v1/accounts/${'a'.repeat(8000)}/events`, 400],
    ['/v1/accounts/acme/events/%00', 404],
    ['/v1/accounts/acme/deliveries/%ff', 404],
    ['/v1/accounts/acme/webhooks/..%2f..%2f', 404],
    [`/v1/accounts/acme/webhooks/${'a'.repeat(8000)}`, 404],
    [`/${'a/'.repeat(4000)}`, 404],
    [`/${'%41'.repeat(2500)}`, 404],
    ['/v1/accounts/acme/events?%', 400],
    ['/v1/accounts/acme/events?%00=1', 400],
    ['/v1/accounts/acme/events?type=a&type=b', 400],
    [`/v1/accounts/acme/events?type=${'a'.repeat(8000)}`, 400],
    [`/v1/accounts/acme/events?${'a=b&'.repeat(2000)}`, 400],
    [`http://evil.example/v1/nothing`, 404],
  ];
  for (const [target, status] of targets) {
    const answer = await exchange(url, requestLine(target));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const what = target.slice(0, 80);
    expect(head, what).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head, what).toMatch(/^content-type: application\/problem\+json\r?$/im);
    expect(head, what).not.toMatch(/^x-evil/im);
    expect(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)).status, what).toBe(status);
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

it('what is not HTTP at all gets a 4xx and no HTML, and the server lives on', async () => {
  const { url } = await startTestWaybill('postgres');
  const requests: (string | Buffer)[] = [
    'hello\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /healthz HTTP/1.1\r\n\r\n',
    requestLine('/with space'),
    requestLine('/\u00e5'),
    requestLine('*', 'OPTIONS'),
    requestLine('/healthz', 'TRACE'),
    requestLine('/healthz', 'PROPFIND'),
    requestLine('/healthz', 'BREW'),
    requestLine('/healthz', 'GET', ['Content-Length: 5', 'Content-Length: 6']),
    requestLine('/healthz', 'POST', ['Transfer-Encoding: chunked', 'Content-Length: 5']),
    requestLine('/healthz', 'GET', [`X-Long: ${'x'.repeat(20_000)}`]),
    requestLine(`/${'a'.repeat(20_000)}`),
    requestLine('/healthz').replace('Host: 127.0.0.1', 'Host: a b'),
    requestLine('/healthz').replace('Host: 127.0.0.1', 'Host: 127.0.0.1:99999'),
    requestLine('/healthz').replace('Host: 127.0.0.1', 'Host: <script>'),
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  ];
  for (const request of requests) {
    const answer = await exchange(url, request);
    const what = String(request).slice(0, 120);
    expect(answer, what).toMatch(/^HTTP\/1\.1 (4\d\d|501) /);
    expect(answer.toLowerCase(), what).not.toContain('html');
    expect(answer, what).not.toMatch(/at .*\.(js|ts):\d/);
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
