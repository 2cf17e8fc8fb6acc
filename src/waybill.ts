import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createAudit } from './audit/audit.ts';
import { createOAuthTokens } from './auth/oauth-tokens.ts';
import type { Catalogs } from './catalog/catalogs.ts';
import { systemClock } from './clock.ts';
import { type Config, loadConfig } from './config.ts';
import type { Database, Queryable } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { createChangeSink } from './dispatch/change-sink.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { createResolver } from './egress/resolve.ts';
import { createSender } from './egress/send.ts';
import { notATransaction, stopped } from './errors.ts';
import { newId } from './ids.ts';
import { createLog, withSafeErrors } from './log.ts';
import { Maintenance } from './maintenance.ts';
import { checkAccountId } from './manage/accounts.ts';
import { choosePreset } from './manage/instance-preset.ts';
import { resealSecrets } from './manage/reseal-secrets.ts';
import { createServices, type Services } from './manage/services.ts';
import { createUrlRule } from './manage/url-rule.ts';
import { Observer } from './observe/observer.ts';
import { createPeople, type People } from './people/people.ts';
import { checkEventInputs, type EventInput, isList } from './publish/event.ts';
import { LimitAlerts } from './publish/limit-alerts.ts';
import { type Published, type PublishRequest, publishedView } from './publish/plan.ts';
import { Publisher } from './publish/publisher.ts';
import { ReplayRunner } from './replay/replay-runner.ts';
import { resolveEncryptionKey } from './secrets/encryption-key-file.ts';
import { createKeyring, type Keyring } from './secrets/keyring.ts';
import { clearLeases } from './store/lanes.ts';
import { createWatches, type Watch } from './watches.ts';
import type { WaybillOptions } from './waybill-options.ts';

export type { WaybillOptions };

// Beyond the grace that requests under way get.
const STOP_LIMIT_MS = 5_000;
const READY_LIMIT_MS = 2_000;

/** Makes the webhook system. Call `start()` on the process that is to send; publishing works without. */
export async function createWaybill(options: WaybillOptions = {}): Promise<Waybill> {
  const config = loadConfig(options, options.environment ?? process.env);
  const log = options.logger ? withSafeErrors(options.logger) : createLog(config.logLevel);
  // A key that is missing or malformed is told before anything is touched.
  if (config.databaseUrl !== undefined) createKeyring(resolveEncryptionKey(config));
  const database = await openDatabase(config, log);
  try {
    await migrate(database);
    const keyring = createKeyring(resolveEncryptionKey(config));
    await resealSecrets(database, keyring);
    // Nobody else can be using the embedded database: what its last process left behind is free at once.
    if (database.kind === 'embedded') await clearLeases(database);
    const maintenance = new Maintenance(database, options.clock ?? systemClock, log);
    await maintenance.start();
    const catalogs = await choosePreset(database, config.preset, log);
    const waybill = new Waybill({ config, log, database, keyring, maintenance, catalogs, options });
    if (config.apiKey !== undefined) await waybill.apiKeys.ensurePlatformKey(config.apiKey);
    return waybill;
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly keyring: Keyring;
  readonly maintenance: Maintenance;
  readonly catalogs: Catalogs;
  readonly options: WaybillOptions;
}

/** A running webhook system: publishing, management and, once started, sending. Made by `createWaybill`. */
export class Waybill {
  readonly config: Config;
  readonly log: Logger;
  readonly about: Services['about'];
  readonly apiKeys: Services['apiKeys'];
  /** Who may sign in, and how. */
  readonly people: People;
  readonly auditLog: Services['auditLog'];
  readonly accounts: Services['accounts'];
  readonly webhooks: Services['webhooks'];
  readonly whatIfs: Services['whatIfs'];
  readonly events: Services['events'];
  readonly deliveries: Services['deliveries'];
  readonly queue: Services['queue'];
  readonly alerts: Services['alerts'];
  readonly alertRecipients: Services['alertRecipients'];
  readonly channels: Services['channels'];
  readonly replays: Services['replays'];
  readonly presets: Services['presets'];
  readonly eventTypes: Services['eventTypes'];
  readonly descriptions: Services['descriptions'];
  readonly statistics: Services['statistics'];
  /** Counts what happens in this process. @internal */
  readonly observer: Observer;
  /** What is known of presets and event types in this process. @internal */
  readonly catalogs: Catalogs;
  readonly #database: Database;
  readonly #publisher: Publisher;
  readonly #dispatcher: Dispatcher;
  readonly #maintenance: Maintenance;
  readonly #replays: ReplayRunner;
  readonly #watches: readonly Watch[];
  readonly #dayLimits: LimitAlerts;
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** @internal use `createWaybill` */
  constructor({ config, log, database, keyring, maintenance, catalogs, options }: Parts) {
    const { lookup, clock = systemClock } = options;
    this.config = config;
    this.log = log;
    this.#database = database;
    this.#maintenance = maintenance;
    this.catalogs = catalogs;
    const audit = createAudit(clock);
    this.people = createPeople({ database, clock, log, audit, config });
    const sender = createSender({
      policy: config.egress,
      lookup,
      now: () => clock.now(),
      connectionsPerOrigin: config.dispatch.maxConcurrencyPerWebhook,
      tls: options.tlsCa === undefined ? undefined : { ca: options.tlsCa },
    });
    const nodeId = newId();
    this.observer = new Observer({ database, clock, log, nodeId, state: () => this.#dispatcher.state() });
    this.#dispatcher = new Dispatcher({
      database,
      keyring,
      clock,
      log,
      random: options.random ?? Math.random,
      config: config.dispatch,
      nodeId,
      sender,
      tokens: createOAuthTokens({ sender, clock }),
      profiles: catalogs,
      disableAfterDays: config.disableAfterDays,
      onApiKeysChanged: () => this.apiKeys.forget(),
      onAttempted: (settlements) => this.observer.attempted(settlements),
    });
    const dispatching = this.#dispatcher;
    this.#dayLimits = new LimitAlerts(database, clock, log);
    this.#publisher = new Publisher({ database, clock, catalogs, dispatching, limitAlerts: this.#dayLimits });
    const changes = createChangeSink(database, dispatching);
    this.#replays = new ReplayRunner({ database, clock, log, due: changes.due });
    this.#watches = createWatches(config, { database, clock, log });
    const services = createServices({
      database,
      catalogs,
      keyring,
      clock,
      urlRule: createUrlRule(config.egress, createResolver(config.egress, lookup)),
      changes,
      audit,
      log,
      limits: config.limits,
      nodeId,
      disableAfterDays: config.disableAfterDays,
      pokeReplays: () => this.#replays.poke(),
      underWay: (...of) => dispatching.underWay(...of),
    });
    this.about = services.about;
    this.apiKeys = services.apiKeys;
    this.auditLog = services.auditLog;
    this.accounts = services.accounts;
    this.webhooks = services.webhooks;
    this.whatIfs = services.whatIfs;
    this.events = services.events;
    this.deliveries = services.deliveries;
    this.queue = services.queue;
    this.alerts = services.alerts;
    this.alertRecipients = services.alertRecipients;
    this.channels = services.channels;
    this.replays = services.replays;
    this.presets = services.presets;
    this.eventTypes = services.eventTypes;
    this.descriptions = services.descriptions;
    this.statistics = services.statistics;
  }

  /**
   * Publishes an event, or several at once, all or none: `{ id, deliveries }` for each. The account comes into
   * being if it is new.
   *
   * With a transaction first, the events become part of it: they are sent when it commits, and never were if
   * it rolls back. A transaction is anything with `query(text, values)`: a client of `pg`, PGlite, or an adapter.
   *
   * @throws WaybillError `validation_failed`, `payload_too_large`, `batch_too_large`, `idempotency_conflict`,
   *   `idempotency_key_in_use`, `unique_item_in_use`, `not_a_transaction`, `not_in_transaction`, `serialization_failure`,
   *   `account_in_use`, `daily_limit_in_use`, `daily_limit_reached`, `stopped`, `database_unavailable`,
   *   `invalid_event_data`, `unknown_event_type`
   */
  publish(account: string, event: EventInput): Promise<Published>;
  publish(account: string, events: readonly EventInput[]): Promise<Published[]>;
  publish(tx: Queryable, account: string, event: EventInput): Promise<Published>;
  publish(tx: Queryable, account: string, events: readonly EventInput[]): Promise<Published[]>;
  async publish(
    ...args:
      | [string, EventInput | readonly EventInput[]]
      | [Queryable, string, EventInput | readonly EventInput[]]
  ): Promise<Published | Published[]> {
    const [tx, accountId, input] = args.length === 2 ? [undefined, ...args] : args;
    // A transaction that was forgotten must not become a publish outside of it.
    if (args.length === 3 && typeof tx?.query !== 'function') throw notATransaction();
    if (this.#closed) throw stopped();
    const many = isList(input);
    const events = checkEventInputs(many ? input : [input], this.config.limits);
    const request: PublishRequest = { accountId, events, idempotencyKey: null };
    checkAccountId(accountId);
    const published = tx ? await this.#publisher.publishIn(tx, request) : await this.publishChecked(request);
    if (tx) this.observer.joined(events.length);
    const answers = published.map(publishedView);
    return many ? answers : (answers[0] as Published);
  }

  /**
   * Runs `work` in a transaction of Waybill's own database, for programs that keep their tables beside Waybill's:
   * it commits when `work` resolves and rolls back when it rejects.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#database.transaction(work);
  }

  /** Publishes events that have been checked. The ids in the answer are UUIDs. @internal */
  async publishChecked(request: PublishRequest): Promise<readonly Published[]> {
    await this.accounts.ensure(request.accountId);
    return this.observer.publishing(request.events.length, () => this.#publisher.publish(request));
  }

  /**
   * Begins to send what is due. May be called twice.
   *
   * @throws the driver's error if the database can't be reached; WaybillError `stopped` after `stop()`
   */
  start(): Promise<void> {
    if (this.#closed) return Promise.reject(stopped());
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start(): Promise<void> {
    await this.#dispatcher.start();
    this.#replays.start();
    for (const watch of this.#watches) watch.start();
    this.observer.start();
    this.log.info({ database: this.#database.kind }, 'dispatching');
  }

  /** Stops sending, lets requests under way end, and closes the database. Nothing is lost. May be called twice. */
  stop(): Promise<void> {
    this.#closed ??= this.#stop();
    return this.#closed;
  }

  async #stop(): Promise<void> {
    const startedAt = performance.now();
    // A database that neither answers nor breaks the connection must not keep a process from ending.
    const patience = new AbortController();
    const limit = setTimeout(this.config.dispatch.stopGraceMs + STOP_LIMIT_MS, 'late', {
      signal: patience.signal,
    });
    const ended = await Promise.race([this.#end().then(() => 'ended'), limit]).finally(() =>
      patience.abort(),
    );
    if (ended === 'late') this.log.error('the database does not answer; stopped without waiting for it');
    this.log.info({ durationMs: Math.round(performance.now() - startedAt) }, 'stopped');
  }

  async #end(): Promise<void> {
    await this.#started?.catch(() => undefined);
    const parts = [this.#maintenance, this.#replays, ...this.#watches, this.#dayLimits, this.#dispatcher];
    await Promise.all(parts.map((part) => part.stop()));
    await this.observer.stop();
    await this.#database.close();
  }

  /** Whether it can do its work now: the database answers, and sending has been started. */
  async ready(): Promise<{ readonly database: boolean; readonly dispatcher: boolean }> {
    const answers = this.#database.query('select 1').then(
      () => true,
      () => false,
    );
    const database = await Promise.race([answers, setTimeout(READY_LIMIT_MS, false, { ref: false })]);
    return { database, dispatcher: this.#dispatcher.running };
  }
}
