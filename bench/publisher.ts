import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { answerQuestions } from './answer.ts';
import { eventType, orderData } from './order-event.ts';

// The platform: publishes over HTTP, as fast as it may.

export interface PublishJob {
  readonly serverUrl: string;
  readonly path: string;
  readonly apiKey: string;
  /** How many events, of how many types in turn, and how many deliveries each leads to. */
  readonly events: number;
  readonly types: number;
  readonly deliveriesPerEvent: number;
  /** How many deliveries may be on their way at most. */
  readonly maxAhead: number;
}

const BATCH = 100;
const REQUESTS_AT_ONCE = 8;
const PAUSE_MS = 2;

let received = 0;

/** Resolves with the deliveries the server promised in its answers. */
async function publish(job: PublishJob): Promise<number> {
  const pool = new Pool(job.serverUrl, { connections: REQUESTS_AT_ONCE });
  let taken = 0;
  let promised = 0;
  received = 0;
  const work = async (): Promise<void> => {
    while (taken < job.events) {
      const first = taken;
      const count = Math.min(BATCH, job.events - first);
      if ((first + count) * job.deliveriesPerEvent > received + job.maxAhead) await setTimeout(PAUSE_MS);
      else {
        taken += count;
        const answered = await post(pool, job, batchBody(first, count, job.types));
        promised += answered;
      }
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  await pool.close();
  return promised;
}

function batchBody(first: number, count: number, types: number): string {
  const events = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return `{"type":"${eventType(number % types)}","subject":"order/${number}","data":${orderData(number)}}`;
  });
  return `{"events":[${events.join(',')}]}`;
}

async function post(pool: Pool, job: PublishJob, body: string): Promise<number> {
  const response = await pool.request({
    method: 'POST',
    path: job.path,
    headers: { authorization: `Bearer ${job.apiKey}`, 'content-type': 'application/json' },
    body,
  });
  if (response.statusCode !== 202) throw new Error(`${response.statusCode}: ${await response.body.text()}`);
  const { events } = (await response.body.json()) as { events: { deliveries: number }[] };
  return events.reduce((sum, event) => sum + event.deliveries, 0);
}

answerQuestions({
  publish,
  /** Told all along how many deliveries of this job have come in. */
  received: (count: number) => {
    received = count;
  },
});
