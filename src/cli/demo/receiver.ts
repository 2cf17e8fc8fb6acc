import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { VerificationError, verify } from '../../verify.ts';

/** One request that came in, and what the receiver made of it. */
export interface Received {
  readonly webhook: string;
  readonly eventId: string;
  readonly type: string;
  /** The event's data, as JSON. */
  readonly data: string;
  /** Of this event to this webhook, from 1. */
  readonly attempt: number;
  readonly status: number;
  /** Why the signature was refused; undefined: it was right. */
  readonly refusal: string | undefined;
}

/** What a path of the receiver stands for. */
export interface Inbox {
  readonly webhook: string;
  readonly secret: string;
  readonly answers: readonly [number, ...number[]];
}

export interface Receiver {
  readonly url: string;
  readonly inboxes: Map<string, Inbox>;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** The programs of the shop's customers, in one: a real HTTP server that verifies what it is sent, as they should. */
export async function startReceiver(onReceived: (received: Received) => void): Promise<Receiver> {
  const inboxes = new Map<string, Inbox>();
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const inbox = inboxes.get(request.url ?? '');
    const body = await buffer(request);
    if (!inbox) return response.writeHead(404).end();
    const refusal = await refusalOf(body, request, inbox.secret);
    // From here on without a pause, so that two requests at once can't count as the same attempt.
    const one = judge(inbox, String(request.headers['webhook-id']), body, refusal, received);
    received.push(one);
    response.writeHead(one.status).end();
    onReceived(one);
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, inboxes, received, close: () => close(server) };
}

function judge(
  { webhook, answers }: Inbox,
  eventId: string,
  body: Buffer,
  refusal: string | undefined,
  before: readonly Received[],
): Received {
  const earlier = before.filter((one) => one.webhook === webhook);
  const attempt = earlier.filter((one) => one.eventId === eventId).length + 1;
  if (refusal !== undefined) {
    return { webhook, eventId, type: '?', data: '', attempt, status: 401, refusal };
  }
  // What has been verified was made by Waybill, and can be read.
  const { type, data } = JSON.parse(body.toString()) as { type: string; data: unknown };
  const status = answers[Math.min(earlier.length, answers.length - 1)] ?? 200;
  return { webhook, eventId, type, data: JSON.stringify(data), attempt, status, refusal };
}

async function refusalOf(
  body: Buffer,
  request: IncomingMessage,
  secret: string,
): Promise<string | undefined> {
  try {
    await verify(body, request.headers, secret);
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}

async function close(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
