import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import type { Database, Row } from '../../src/db/database.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { Lanes } from '../../src/dispatch/lanes.ts';
import { newId } from '../../src/ids.ts';
import { beat, LANES, renewLanes, takeLanes } from '../../src/store/lanes.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const LEASE_MS = 60_000;
const log = pino({ level: 'silent' });

async function open(): Promise<Database> {
  const { databaseUrl = '' } = await createTestDatabase('postgres');
  const database = openPostgres({
    connectionString: databaseUrl,
    maxConnections: 4,
    onError: () => undefined,
  });
  onTestFinished(() => database.close());
  return database;
}

/** Holds back the answers to one statement from when it is told to. */
function holdingBack(database: Database, statement: RegExp) {
  let gate: Promise<void> | undefined;
  let answered = 0;
  const query = async <R extends Row>(text: string, values?: unknown[]) => {
    const result = await database.query<R>(text, values);
    if (!gate || !statement.test(text)) return result;
    answered += 1;
    await gate;
    return result;
  };
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { database: { ...database, kind: database.kind, query } as Database, hold, held: () => answered };
}

it('a beat under way while lanes are given back does not make them this node’s again', async () => {
  const plain = await open();
  const { database, hold, held } = holdingBack(plain, /update waybill\.lanes\s+set expires_at/);
  const drained = Promise.withResolvers<void>();
  const gained: number[] = [];
  const lost: number[] = [];
  const lanes = new Lanes({
    database,
    nodeId: newId(),
    leaseMs: LEASE_MS,
    log,
    onGained: (some) => gained.push(...some),
    onLost: (some) => lost.push(...some),
    onResumed: () => undefined,
    drain: () => drained.promise,
  });
  await lanes.start();
  onTestFinished(() => lanes.stop());
  expect(gained.splice(0)).toHaveLength(LANES);
  const other = newId();
  await beat(plain, other, LEASE_MS);
  lanes.hurry();
  await eventually(() => lost.length === LANES / 2);
  const leaving = [...lost];

  const release = hold();
  lanes.hurry();
  await eventually(() => held() === 1);
  drained.resolve();
  let taken = 0;
  await eventually(async () => {
    taken += (await takeLanes(plain, other, LEASE_MS, LANES)).length;
    return taken === LANES / 2;
  });
  const ofOther = (await renewLanes(plain, other, LEASE_MS)).map(({ lane }) => lane);
  expect(ofOther.sort()).toEqual(leaving.sort());
  const before = held();
  release();
  // The beat that was held back, and one after it.
  await eventually(() => {
    lanes.hurry();
    return held() > before;
  });
  await eventually(() => lanes.owned().length === LANES / 2);
  expect(ofOther.filter((lane) => lanes.fenceOf(lane) !== undefined)).toEqual([]);
  expect(gained).toEqual([]);
});
