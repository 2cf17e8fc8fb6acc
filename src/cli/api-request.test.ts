import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postToApi, Refusal, type Target } from './api-request.ts';
import { Failure } from './failure.ts';
import { postEvent } from './post-event.ts';

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** A server that gives the same answer to everything, and what it was asked. */
async function answering(status: number, answer: string): Promise<{ target: Target; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization, 'content-type': contentType } = request.headers;
    asked.push({ path: request.url ?? '', authorization, contentType, body });
    response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { target: { url: `http://127.0.0.1:${port}`, key: 'a-key' }, asked };
}

const problem = (more: object = {}) =>
  JSON.stringify({ title: 'Bad Request', detail: 'It is wrong.', code: 'wrong', ...more });

describe('a request', () => {
  it('has the key, the path below that of the server, and JSON as it was given', async () => {
    const { target, asked } = await answering(200, '{"a":1}');
    const answer = await postToApi({ ...target, url: `${target.url}/hooks` }, 'v1/things', '{"n": 0.50}', '');
    expect(answer).toBe('{"a":1}');
    expect(asked).toEqual([
      {
        path: '/hooks/v1/things',
        authorization: 'Bearer a-key',
        contentType: 'application/json',
        body: '{"n": 0.50}',
      },
    ]);
  });

  it('may have no body', async () => {
    const { target, asked } = await answering(200, '{}');
    await postToApi(target, 'v1/things', undefined, '');
    expect(asked).toMatchObject([{ body: '', contentType: undefined }]);
  });

  it('publishes an event with its data as it was given', async () => {
    const { target, asked } = await answering(202, '{"id":"evt_1"}');
    const answer = await postEvent({ ...target, account: 'a/b' }, { type: 'order.created' }, '{"n": 0.50}');
    expect(answer).toBe('{"id":"evt_1"}');
    expect(asked).toMatchObject([
      { path: '/v1/accounts/a%2Fb/events', body: '{"type":"order.created","data":{"n": 0.50}}' },
    ]);
  });
});

describe('an answer', () => {
  const post = (target: Target) => postToApi(target, 'v1/things', '{}', 'Nobody knows.');

  it('that refuses is told with its code, and has every error', async () => {
    const errors = [{ path: 'a', code: 'invalid', message: 'is wrong' }];
    const { target } = await answering(400, problem({ errors }));
    const refused = post(target);
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toMatchObject({
      message: 'Bad Request: It is wrong. (wrong)',
      errors: [{ path: 'a', message: 'is wrong' }],
    });
  });

  it.each([
    [404, 'not found'],
    [302, ''],
    [500, '{"error":"no"}'],
  ])('of status %i that is not one of Waybill is told as such', async (status, body) => {
    const { target } = await answering(status, body);
    await expect(post(target)).rejects.toThrow(
      `The server answered ${status}, and not as Waybill does. Is --url right?`,
    );
  });

  it('that does not come is told with what to do', async () => {
    const { target } = await answering(200, '{}');
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
    const { port } = nobody.address() as AddressInfo;
    await new Promise<void>((resolve) => nobody.close(() => resolve()));
    const url = `http://127.0.0.1:${port}`;
    await expect(post({ ...target, url })).rejects.toThrow(
      new Failure(`No server runs at ${url}. Start one with "waybill serve", or name another with --url.`),
    );
  });
});
