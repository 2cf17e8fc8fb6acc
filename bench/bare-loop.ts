import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { Pool } from 'undici';
import { answerQuestions, processorUs } from './answer.ts';
import { eventType, orderData } from './order-event.ts';

// The yardstick: the least any webhook sender must do in Node for each delivery, and nothing else. Store the
// event, sign it, send it, store the outcome. The three overlap, so that none waits for another.

export interface BareJob {
  readonly databaseUrl: string;
  readonly receiverUrl: string;
}

interface Event {
  readonly id: string;
  readonly data: string;
}

interface Outcome {
  readonly id: string;
  readonly status: number;
  readonly at: string;
}

const TYPE = eventType(0);
const INSERT_BATCH = 100;
const INSERTS_AT_ONCE = 2;
const SENDS_AT_ONCE = 64;
const SETTLE_BATCH = 500;
const SETTLES_AT_ONCE = 2;
// Enough that senders never run dry while inserts wait for the disk.
const MAX_STORED_AHEAD = 2_000;

const TABLES = `
  create table events (id uuid primary key, data text not null);
  create table outcomes (delivery uuid primary key, status integer not null, at timestamptz not null)`;
const INSERT = 'insert into events (id, data) select * from unnest($1::uuid[], $2::text[])';
const SETTLE =
  'insert into outcomes (delivery, status, at) select * from unnest($1::uuid[], $2::integer[], $3::timestamptz[])';

let database: pg.Pool;
let receiver: Pool;
const key = createSecretKey(randomBytes(32));

async function prepare(job: BareJob): Promise<void> {
  database = new pg.Pool({ connectionString: job.databaseUrl, max: INSERTS_AT_ONCE + SETTLES_AT_ONCE });
  receiver = new Pool(job.receiverUrl, { connections: SENDS_AT_ONCE, pipelining: 1 });
  await database.query(TABLES);
}

/** Sends `count` events; resolves when the last outcome is stored. */
function run(count: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const loop = new BareLoop(count, resolve, reject);
  loop.insert();
  return promise;
}

class BareLoop {
  readonly #count: number;
  readonly #done: () => void;
  readonly #fail: (error: unknown) => void;
  #made = 0;
  #inserting = 0;
  #stored: Event[] = [];
  #sending = 0;
  #sent = 0;
  #outcomes: Outcome[] = [];
  #settling = 0;
  #settled = 0;

  constructor(count: number, done: () => void, fail: (error: unknown) => void) {
    this.#count = count;
    this.#done = done;
    this.#fail = fail;
  }

  insert(): void {
    while (
      this.#inserting < INSERTS_AT_ONCE &&
      this.#made < this.#count &&
      this.#stored.length < MAX_STORED_AHEAD
    ) {
      const events = this.#make(Math.min(INSERT_BATCH, this.#count - this.#made));
      this.#inserting += 1;
      database.query(INSERT, [events.map(({ id }) => id), events.map(({ data }) => data)]).then(() => {
        this.#inserting -= 1;
        this.#stored.push(...events);
        this.#send();
        this.insert();
      }, this.#fail);
    }
  }

  #make(count: number): Event[] {
    const events = Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      data: orderData(this.#made + index),
    }));
    this.#made += count;
    return events;
  }

  #send(): void {
    while (this.#sending < SENDS_AT_ONCE) {
      const event = this.#stored.shift();
      if (!event) break;
      this.#sending += 1;
      post(event, (outcome) => this.#sentOne(outcome), this.#fail);
    }
  }

  #sentOne(outcome: Outcome): void {
    this.#sending -= 1;
    this.#sent += 1;
    this.#outcomes.push(outcome);
    this.#settle();
    this.#send();
    this.insert();
  }

  #settle(): void {
    const due = this.#outcomes.length >= SETTLE_BATCH || this.#sent === this.#count;
    if (!due || this.#settling >= SETTLES_AT_ONCE || this.#outcomes.length === 0) return;
    const batch = this.#outcomes.splice(0, SETTLE_BATCH);
    this.#settling += 1;
    database
      .query(SETTLE, [batch.map((one) => one.id), batch.map((one) => one.status), batch.map((one) => one.at)])
      .then(() => {
        this.#settling -= 1;
        this.#settled += batch.length;
        if (this.#settled === this.#count) this.#done();
        else this.#settle();
      }, this.#fail);
  }
}

/** Through undici's lowest level, which spares the promise and the stream that `request` makes for each answer. */
function post(event: Event, done: (outcome: Outcome) => void, fail: (error: unknown) => void): void {
  const at = new Date().toISOString();
  const body = `{"type":"${TYPE}","timestamp":"${at}","data":${event.data}}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', key).update(`${event.id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': event.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac}`,
  };
  let status = 0;
  receiver.dispatch(
    { method: 'POST', path: '/bare', headers, body },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_, code) => {
        status = code;
      },
      onResponseData: () => undefined,
      onResponseEnd: () => done({ id: event.id, status, at }),
      onResponseError: (_, error) => fail(error),
    },
  );
}

answerQuestions({ prepare, run, processorUs });
