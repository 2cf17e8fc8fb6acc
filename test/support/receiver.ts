import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
  /** When the whole request was in, as epoch milliseconds. */
  at: number;
  /** Counts the connections from 1: requests with the same number came over the same one. */
  connectionId: number;
}

export interface PlainAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  delayMs?: number;
}

/** Decides on one request, the `index`th from 0: either returns the answer, or writes to `response` itself. */
export type AnswerFunction = (
  request: ReceivedRequest,
  response: http.ServerResponse,
  index: number,
) => Decision | Promise<Decision>;

// biome-ignore lint/suspicious/noConfusingVoidType: a function that answers by itself returns nothing.
type Decision = PlainAnswer | number | undefined | void;

export type Answer = number | PlainAnswer | AnswerFunction;

export interface Receiver {
  /** `http://127.0.0.1:port/`, or https. */
  url: string;
  port: number;
  requests: ReceivedRequest[];
  /** Changes the answer to requests from now on. */
  answer(answer: Answer): void;
  /** Resolves with all requests once `count` of them came in; rejects if they don't within the time. */
  waitFor(count: number, timeoutMs?: number): Promise<ReceivedRequest[]>;
  /** How many connections are open now. */
  connections(): number;
  /** Stops listening and cuts the open connections. */
  close(): Promise<void>;
}

/** Starts a real HTTP server on a free port of 127.0.0.1 that records what it's sent. Answers 200 unless told. */
export async function startReceiver(
  answer: Answer = 200,
  options: { tls?: { key: string; cert: string } } = {},
): Promise<Receiver> {
  const scheme = options.tls ? 'https' : 'http';
  const server = options.tls ? https.createServer(options.tls) : http.createServer();
  const requests: ReceivedRequest[] = [];
  const open = trackConnections(server);
  const connectionId = numberConnections();
  const arrivals = createArrivals(requests);
  let current = answer;

  server.on('request', async (message: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await readBody(message);
    if (body === undefined) return;
    const { headers, rawHeaders, method = '', url: path = '' } = message;
    const at = Date.now();
    const request = {
      method,
      path,
      headers,
      rawHeaders,
      body,
      at,
      connectionId: connectionId(message.socket),
    };
    requests.push(request);
    arrivals.notify();
    await respond(current, request, response, requests.length - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `${scheme}://127.0.0.1:${port}/`,
    port,
    requests,
    answer: (next) => {
      current = next;
    },
    waitFor: arrivals.waitFor,
    connections: () => open.size,
    close: () => closeServer(server, open),
  };
}

function trackConnections(server: http.Server): Set<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

function numberConnections(): (socket: Socket) => number {
  const ids = new WeakMap<Socket, number>();
  let last = 0;
  return (socket) => {
    const id = ids.get(socket) ?? ++last;
    ids.set(socket, id);
    return id;
  };
}

function createArrivals(requests: ReceivedRequest[]) {
  const waiting = new Set<() => void>();
  return {
    notify: () => {
      for (const check of waiting) check();
    },
    waitFor: (count: number, timeoutMs = 5_000): Promise<ReceivedRequest[]> =>
      new Promise((resolve, reject) => {
        const expire = () => {
          waiting.delete(check);
          const got = `${requests.length} came in${requests.length === 0 ? '' : `: ${summary(requests)}`}`;
          reject(new Error(`Waited ${timeoutMs} ms for ${count} requests, but ${got}.`));
        };
        const timer = setTimeout(expire, timeoutMs);
        const check = () => {
          if (requests.length < count) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve(requests);
        };
        waiting.add(check);
        check();
      }),
  };
}

function summary(requests: readonly ReceivedRequest[]): string {
  return requests.map(({ method, path }) => `${method} ${path}`).join(', ');
}

/** The body as text, or undefined if the sender went away in the middle of it. */
async function readBody(message: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function respond(
  answer: Answer,
  request: ReceivedRequest,
  response: http.ServerResponse,
  index: number,
) {
  const decided = typeof answer === 'function' ? await answer(request, response, index) : answer;
  if (decided === undefined || response.headersSent) return;
  const {
    status = 200,
    headers = {},
    body,
    delayMs,
  } = typeof decided === 'number' ? { status: decided } : decided;
  if (delayMs !== undefined) await wait(delayMs, undefined, { ref: false });
  if (!response.destroyed) response.writeHead(status, headers).end(body);
}

async function closeServer(server: http.Server, open: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  server.close();
  for (const socket of open) socket.destroy();
  await once(server, 'close');
}
