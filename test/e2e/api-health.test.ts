import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
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
    expect(operation.security, path).toEqual(access === 'open' ? [] : [{ apiKey: [] }]);
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
