import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './http/app.ts';
import type { Waybill } from './waybill.ts';

export { createApp } from './http/app.ts';

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:4400`. */
  readonly url: string;
  /** Takes no new requests, lets those under way end, and resolves when they have. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 5_000;

/**
 * Serves the HTTP API and the dashboard of a Waybill on its configured host and port; port 0 takes any free one.
 *
 * @throws the system's error if it can't listen there, such as EADDRINUSE
 */
export async function startServer(waybill: Waybill): Promise<RunningServer> {
  const { host, port } = waybill.config;
  const server = createAdaptorServer({ fetch: createApp(waybill, { dashboard: true }).fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return { url: urlOf(server, host), close: () => close(server) };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
