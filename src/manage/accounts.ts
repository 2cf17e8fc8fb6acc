import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { POLICIES, presetNameSchema } from '../catalog/preset-file.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { invalid, notFound } from '../errors.ts';
import { newId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { orInUse } from '../publish/in-use.ts';
import {
  type AccountRow,
  type AccountSettings,
  ensureAccount,
  findAccount,
  listAccounts,
  lockAccount,
  type Policy,
  putAccount,
} from '../store/accounts.ts';
import { countUncounted, lockCounting, readDailyUsage } from '../store/daily-usage.ts';
import { holdPresets } from './held-preset.ts';
import { inTransaction } from './in-transaction.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { nameSchema } from './webhook-input.ts';

export const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MEMORY_OF_ACCOUNTS = 10_000;
// How long to wait for a transaction that is making an account and stays open.
const PATIENCE_MS = 1_000;

export interface AccountView {
  id: string;
  name: string | null;
  /** The system it is served as; null: that of the instance. */
  preset: string | null;
  /** What becomes of events whose data breaks the schema of their type; null: as the preset says. */
  validation: Policy | null;
  /** What becomes of events whose type isn't in the catalog; null: as the preset says. */
  unknownTypes: Policy | null;
  /** What holds, whoever says so. */
  limits: {
    /** How many events may be published a day, by days of UTC; null: any number. */
    eventsPerDay: number | null;
  };
  usage: {
    /** How many have been published today; null: without a limit they aren't counted. */
    eventsToday: number | null;
  };
  effective: { preset: string | null; validation: Policy; unknownTypes: Policy };
  createdAt: string;
}

const MAX_EVENTS_PER_DAY = 1_000_000_000;

/** What may be set of an account. */
export const accountSchema = z.strictObject({
  name: nameSchema.nullable().optional(),
  preset: presetNameSchema.nullable().optional(),
  validation: z.enum(POLICIES).nullable().optional(),
  unknownTypes: z.enum(POLICIES).nullable().optional(),
  limits: z.strictObject({ eventsPerDay: z.int().min(0).max(MAX_EVENTS_PER_DAY).nullable() }).optional(),
});
export type AccountInput = z.input<typeof accountSchema>;

const NOTHING_SET = { name: null, preset: null, validation: null, unknownTypes: null, eventsPerDay: null };

/** The platform's customers. An account comes into being when the platform first names it. */
export class Accounts {
  readonly #database: Database;
  readonly #catalogs: Catalogs;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #known = new Set<string>();
  readonly #making = new Map<string, Promise<void>>();

  constructor(database: Database, catalogs: Catalogs, audit: Audit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
    this.#database = database;
    this.#catalogs = catalogs;
  }

  /**
   * Makes the account unless it is there.
   *
   * @throws WaybillError `validation_failed` for an id that can't be one, `account_in_use` while another transaction is
   *   making it
   */
  async ensure(id: string): Promise<void> {
    if (this.#known.has(id)) return;
    checkAccountId(id);
    // All that wait for the same account share one connection: others need those there are.
    const making = this.#making.get(id) ?? this.#make(id);
    this.#making.set(id, making);
    await making;
  }

  async #make(id: string): Promise<void> {
    try {
      await orInUse('account_in_use', ensureAccount(this.#database, id, PATIENCE_MS));
    } finally {
      this.#making.delete(id);
    }
    if (this.#known.size >= MEMORY_OF_ACCOUNTS) this.#known.clear();
    this.#known.add(id);
  }

  /** Makes the account, or sets all of it anew: what isn't given is unset. @throws WaybillError `validation_failed` */
  async put(id: string, input: AccountInput): Promise<AccountView> {
    checkAccountId(id);
    const value = parseInput(accountSchema, input);
    return this.#counted(id, value, async (tx) => {
      await this.#holdPreset(tx, value.preset);
      const before = await lockAccount(tx, id);
      return this.#set(tx, id, before, settingsOf(value, NOTHING_SET));
    });
  }

  /** Sets what is given and nothing else. @throws WaybillError `validation_failed`, `not_found` */
  async update(id: string, input: AccountInput): Promise<AccountView> {
    const value = parseInput(accountSchema, input);
    return this.#counted(id, value, async (tx) => {
      await this.#holdPreset(tx, value.preset);
      const before = await lockAccount(tx, id);
      if (!before) throw notFound('account');
      return this.#set(tx, id, before, settingsOf(value, before));
    });
  }

  /** @throws WaybillError `not_found` */
  async get(id: string): Promise<AccountView> {
    const row = ACCOUNT_ID.test(id) ? await findAccount(this.#database, id) : undefined;
    if (!row) throw notFound('account');
    await this.#catalogs.refreshIfOld(this.#database);
    return this.#view(row);
  }

  /** By id. */
  async list(request: PageRequest = {}): Promise<Page<AccountView>> {
    await this.#catalogs.refreshIfOld(this.#database);
    const page = await readPage(
      request,
      (after, limit) => listAccounts(this.#database, after ?? '', limit),
      (row) => row,
    );
    return { ...page, items: await this.#views(page.items) };
  }

  /**
   * Sets with `work`. A limit holds for the day it is set on: what was published before counts too. That can be much, so
   * that it is counted while nothing of the account is held: before the limit is set, and after it for what was published
   * meanwhile. From then on whoever publishes counts.
   */
  async #counted(
    id: string,
    { limits }: z.output<typeof accountSchema>,
    work: (tx: Queryable) => Promise<AccountRow>,
  ): Promise<AccountView> {
    const count = async (): Promise<void> => {
      if (limits?.eventsPerDay == null) return;
      await this.#database.transaction(async (tx) => {
        await lockCounting(tx, id);
        await countUncounted(tx, id, this.#today(), newId());
      });
    };
    await count();
    const row = await inTransaction(this.#database, work);
    await count();
    return this.#view(row);
  }

  async #set(
    tx: Queryable,
    id: string,
    before: AccountRow | undefined,
    settings: AccountSettings,
  ): Promise<AccountRow> {
    const row = await putAccount(tx, id, settings);
    await this.#record(tx, before, row);
    return row;
  }

  async #record(tx: Queryable, before: AccountRow | undefined, after: AccountRow): Promise<void> {
    const action = before ? 'account.updated' : 'account.created';
    await this.#audit.record(tx, { account: after.id, action, target: after.id, before, after });
  }

  /** So that an account never names a preset that is being deleted. */
  async #holdPreset(tx: Queryable, name: string | null | undefined): Promise<void> {
    if (name === null || name === undefined) return this.#catalogs.refresh(tx);
    await holdPresets(tx, this.#catalogs);
    if (!this.#catalogs.preset(name)) {
      throw invalid([{ path: 'preset', code: 'not_allowed', message: 'is not a known preset' }]);
    }
  }

  #today(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10);
  }

  async #view(row: AccountRow): Promise<AccountView> {
    const [view] = await this.#views([row]);
    return view as AccountView;
  }

  async #views(rows: readonly AccountRow[]): Promise<AccountView[]> {
    const limited = rows.filter(({ eventsPerDay }) => eventsPerDay !== null).map(({ id }) => id);
    const used =
      limited.length > 0 ? await readDailyUsage(this.#database, limited, this.#today()) : undefined;
    return rows.map((row) => this.#viewOf(row, row.eventsPerDay === null ? null : (used?.get(row.id) ?? 0)));
  }

  #viewOf(row: AccountRow, eventsToday: number | null): AccountView {
    const { id, name, preset, validation, unknownTypes, eventsPerDay } = row;
    return {
      id,
      name,
      preset,
      validation,
      unknownTypes,
      limits: { eventsPerDay },
      usage: { eventsToday },
      effective: { preset: preset ?? this.#catalogs.instancePreset, ...this.#catalogs.policiesOf(row) },
      createdAt: row.createdAt.toISOString(),
    };
  }
}

function settingsOf(
  { limits, ...given }: z.output<typeof accountSchema>,
  before: AccountSettings,
): AccountSettings {
  const eventsPerDay = limits === undefined ? before.eventsPerDay : limits.eventsPerDay;
  return { ...before, ...given, eventsPerDay };
}

/** @throws WaybillError `validation_failed` */
export function checkAccountId(id: string): void {
  if (ACCOUNT_ID.test(id)) return;
  throw invalid([
    {
      path: 'account',
      code: 'invalid',
      message: 'must be 1 to 64 letters, digits, ".", "_" or "-", beginning with a letter or digit',
    },
  ]);
}
