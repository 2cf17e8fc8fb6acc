import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { sqlState } from '../db/outage.ts';
import { WaybillError } from '../errors.ts';
import { FairPlaces } from '../fair-places.ts';
import { timeOfId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { type SearchKey, type SearchPlace, searchEventData } from '../store/search.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest } from './page.ts';
import { searchSchema, type Wanted, wantedOf } from './search-text.ts';

// What one request looks at, at most: a second or two of one connection, whatever an account has.
const MAX_EVENTS = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_MS = 2_000;
/** What one statement looks at: the embedded database does nothing else meanwhile. */
const STEP_EVENTS = 1_000;
const STEP_BYTES = 2 * 1024 * 1024;
const STATEMENT_TIMEOUT_MS = 2_000;
const QUERY_CANCELED = '57014';
const AT_ONCE = 2;
const AT_ONCE_OF_ACCOUNT = 1;

/** Before it comes everything. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What is found by its keys, in the list's own order. */
export interface KeyedPlaces {
  readonly ids: readonly string[];
  /** Where the next ones begin; null: there are none. */
  readonly next: string | null;
}

/** A list that is searched. */
export interface SearchedList {
  /** What belongs to events that are found by id or subject, from `after` on. */
  keyed(db: Queryable, key: SearchKey, after: string | null, limit: number): Promise<KeyedPlaces>;
  /** The next places of the list, newest first, whatever belongs to them. */
  places(db: Queryable, before: string, limit: number): Promise<readonly SearchPlace[]>;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly turns: FairPlaces;
  readonly accountId: string;
  readonly list: SearchedList;
}

/** One request of a search, and how far it has come. */
interface Progress {
  readonly ids: string[];
  readonly limit: number;
  /** The last place whose data was looked at. */
  before: string;
  done: boolean;
  steps: number;
  events: number;
  bytes: number;
}

/**
 * Searches the lists of accounts. A search keeps a connection busy, and guests may search: those of one account take turns, and
 * all together never have more than a few of the connections that publishing and sending need.
 */
export class Searcher {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #turns = new FairPlaces(AT_ONCE, AT_ONCE_OF_ACCOUNT);

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * @returns ids
   * @throws WaybillError `validation_failed`; `search_timed_out` (503)
   */
  search(accountId: string, list: SearchedList, text: string, request: PageRequest): Promise<Page<string>> {
    const shared = { database: this.#database, clock: this.#clock, turns: this.#turns };
    return search({ ...shared, accountId, list }, text, request);
  }
}

/**
 * Searches a list for a text: first what is found by id or subject, however old, then what has the text in its data, newest
 * first, for as long as a request may take. Where it stops the next request goes on, also after a page that is empty.
 */
async function search(options: Options, text: string, request: PageRequest): Promise<Page<string>> {
  const wanted = wantedOf(parseInput(searchSchema, text));
  const limit = request.limit ?? DEFAULT_LIMIT;
  const nowMs = options.clock.now();
  const [phase, position = null] = (request.after ?? 'key').split(/_(.*)/);
  const progress: Progress = { ids: [], limit, before: NEWEST, done: false, steps: 0, events: 0, bytes: 0 };
  if (phase === 'key') {
    const next = await findKeyed(options, wanted, position, progress);
    if (next !== null) return pageOf(progress, `key_${next}`, nowMs);
  } else {
    progress.before = position ?? NEWEST;
  }
  await findInData(options, wanted, progress, nowMs + MAX_MS);
  return pageOf(progress, `data_${progress.before}`, nowMs);
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What the cursors of searches look like; one of deliveries may also stand within those of an event. */
export const EVENT_SEARCH_CURSOR = new RegExp(`^(?:key|data)_${UUID}$`);
export const DELIVERY_SEARCH_CURSOR = new RegExp(`^(?:(?:key|data)_${UUID}|key_${UUID}_${UUID})$`);

function pageOf({ ids, before, done }: Progress, next: string, nowMs: number): Page<string> {
  if (done) return { items: ids, next: null, lookedBackTo: null };
  const lookedBackTo = before === NEWEST ? new Date(nowMs) : timeOfId(before);
  return { items: ids, next, lookedBackTo: lookedBackTo.toISOString() };
}

/** @returns where to go on; null: nothing more is found by its keys */
async function findKeyed(
  options: Options,
  { key }: Wanted,
  after: string | null,
  progress: Progress,
): Promise<string | null> {
  const { ids, next } = await bounded(options, (db) => options.list.keyed(db, key, after, progress.limit));
  progress.ids.push(...ids);
  return next;
}

async function findInData(
  options: Options,
  wanted: Wanted,
  progress: Progress,
  untilMs: number,
): Promise<void> {
  const mayGoOn = () =>
    !progress.done &&
    progress.ids.length < progress.limit &&
    progress.events < MAX_EVENTS &&
    progress.bytes < MAX_BYTES &&
    // Also after a long wait for its turn it looks at something.
    (progress.steps === 0 || options.clock.now() < untilMs);
  try {
    while (mayGoOn()) await bounded(options, (db) => step(db, options, wanted, progress));
  } catch (error) {
    // What has been found is told; the next request begins where this one got stuck.
    const gotSomewhere = progress.events > 0 || progress.ids.length > 0;
    if (!(error instanceof WaybillError && error.code === 'search_timed_out' && gotSomewhere)) throw error;
  }
}

/** Looks at the next places, and moves on as far as it has looked. */
async function step(db: Queryable, options: Options, wanted: Wanted, progress: Progress): Promise<void> {
  progress.steps += 1;
  const places = await options.list.places(db, progress.before, STEP_EVENTS);
  const eventIds = [...new Set(places.filter(({ fits }) => fits).map(({ eventId }) => eventId))];
  const { key, probe } = wanted;
  const looked = await searchEventData(db, options.accountId, eventIds, key, probe, STEP_BYTES);
  const isIn = new Map(looked.map(({ id, data }) => [id, data !== null && wanted.isIn(data)]));
  progress.bytes += looked.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { id, eventId, fits } of places) {
    if (progress.ids.length === progress.limit || (fits && !isIn.has(eventId))) return;
    progress.before = id;
    progress.events += 1;
    if (fits && isIn.get(eventId)) progress.ids.push(id);
  }
  progress.done = places.length < STEP_EVENTS;
}

// Indexes have the order that is asked for, so that reading stops after a thousand. A planner who knows little of a table, as
// after an import, would rather collect all that an account has, and sort it.
const IN_ORDER = 'set local enable_bitmapscan = off; set local enable_seqscan = off';

/** Without an end of its own a statement would go on when nobody waits for it any more. */
async function bounded<T>(
  { database, turns, accountId }: Options,
  work: (db: Queryable) => Promise<T>,
): Promise<T> {
  const inTransaction = () =>
    database.transaction(async (tx) => {
      await tx.exec(
        `set transaction read only; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; ${IN_ORDER}`,
      );
      return work(tx);
    });
  try {
    return await turns.run(accountId, inTransaction);
  } catch (cause) {
    if (sqlState(cause) !== QUERY_CANCELED) throw cause;
    throw new WaybillError(
      'search_timed_out',
      503,
      'The database took too long to search. Try again, or narrow the search down with from and to.',
      { cause },
    );
  }
}
