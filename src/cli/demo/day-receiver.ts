import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { DayAnswers } from './day-plan.ts';

const HOUR_MS = 3_600_000;
/** How long the receivers of the day take, one after the other: charts of times need some that differ. */
const TAKES_MS = [3, 6, 4, 12, 5, 9, 28, 4, 7, 15] as const;

export interface DayReceiver {
  readonly url: string;
  /** What a path answers; one without an entry answers 200. */
  readonly answers: Map<string, readonly DayAnswers[]>;
  /** Until nothing has come in for so long, and all that came has been answered. */
  quiet(forMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Stands for the systems of the account's partners. @param sinceBegin how much of the day has passed, in milliseconds */
export async function startDayReceiver(sinceBegin: () => number): Promise<DayReceiver> {
  const answers = new Map<string, readonly DayAnswers[]>();
  const counts = new Map<string, number>();
  let open = 0;
  let lastAt = 0;
  const quiet = async (forMs: number) => {
    const from = performance.now();
    while (open > 0 || performance.now() - Math.max(from, lastAt) < forMs) await setTimeout(forMs / 4);
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    open += 1;
    request.resume();
    await setTimeout(TAKES_MS[count % TAKES_MS.length]);
    const now = answers.get(path)?.findLast(({ fromHour }) => fromHour * HOUR_MS <= sinceBegin());
    const status = now?.statuses[count % now.statuses.length] ?? 200;
    const type = now?.body.startsWith('<') ? 'text/html' : 'text/plain';
    response.writeHead(status, now?.body ? { 'content-type': type } : {}).end(now?.body);
    lastAt = performance.now();
    open -= 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, answers, quiet, close: () => close(server) };
}

async function close(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
