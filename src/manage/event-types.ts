import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { eventTypeComplaints } from '../catalog/check.ts';
import { createEventType, type EventType } from '../catalog/event-type.ts';
import { type Complaint, complaintsOf, pathText } from '../catalog/flaws.ts';
import { eventTypeFileSchema } from '../catalog/preset-file.ts';
import type { Database, Queryable } from '../db/database.ts';
import { invalid, notFound, WaybillError } from '../errors.ts';
import { EVENT_TYPE } from '../event-pattern.ts';
import { parseData } from '../payload/data.ts';
import { listMergeFields, listMergeFieldsOf, type MergeField } from '../payload/merge-fields.ts';
import { findAccount } from '../store/accounts.ts';
import { deleteEventType, putEventType } from '../store/event-types.ts';
import { listEvents } from '../store/events.ts';
import { touchCatalog, touchWebhooksOfProfiles } from '../store/presets.ts';
import type { ChangeSink } from './changes.ts';
import { type EventTypeView, eventTypeView } from './event-type-view.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

/** Which event types are asked for. */
export interface EventTypeFilter {
  /** As this account sees them. */
  readonly account?: string | undefined;
  /** Those of this preset alone. */
  readonly preset?: string | undefined;
  readonly group?: string | undefined;
  /** In the name, the title or the description, in any letter case. */
  readonly search?: string | undefined;
}

/** Of which event types, or of which event. */
export interface MergeFieldQuery extends Pick<EventTypeFilter, 'account' | 'preset'> {
  /** Such as `order/12345`. */
  readonly subject?: string | undefined;
}

/** The catalog: the event types of the presets in use, and the platform's own, which come before them. */
export class EventTypes {
  readonly #database: Database;
  readonly #catalogs: Catalogs;
  readonly #changes: ChangeSink;
  readonly #audit: Audit;

  constructor(database: Database, catalogs: Catalogs, changes: ChangeSink, audit: Audit) {
    this.#audit = audit;
    this.#database = database;
    this.#catalogs = catalogs;
    this.#changes = changes;
  }

  /** By name. @throws WaybillError `not_found` for an unknown preset */
  async list(filter: EventTypeFilter = {}, request: PageRequest = {}): Promise<Page<EventTypeView>> {
    await this.#catalogs.refreshIfOld(this.#database);
    const types = await this.#visible(filter);
    const needle = filter.search?.toLowerCase();
    const wanted = types
      .filter(({ group }) => filter.group === undefined || group === filter.group)
      .filter((type) => needle === undefined || textOf(type).includes(needle))
      .filter(({ name }) => !request.after || name > request.after)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((type) => ({ id: type.name, type }));
    return readPage(
      request,
      async (_after, limit) => wanted.slice(0, limit),
      ({ type }) => this.#view(type),
    );
  }

  /** @throws WaybillError `not_found` */
  async get(name: string, filter: Pick<EventTypeFilter, 'account' | 'preset'> = {}): Promise<EventTypeView> {
    return this.#view(await this.#find(name, filter));
  }

  /**
   * Makes an event type of the platform's own, or puts it in the place of the one of its name. Where a preset has a type
   * of this name, the platform's own is taken instead of it.
   *
   * @param input what it is, but for its name
   * @throws WaybillError `validation_failed`, with everything that is wrong
   */
  async put(name: string, input: unknown): Promise<EventTypeView> {
    const source = { ...(input as Record<string, unknown>), name };
    const type = checkedType(source);
    await this.#catalogs.refresh(this.#database);
    await this.#change(sends(type) || this.#decidesNow(name), async (tx) => {
      await putEventType(tx, name, JSON.stringify(source));
      const before = this.#catalogs.ownTypes().find((one) => one.name === name)?.source;
      const change = {
        account: null,
        action: 'event-type.updated',
        target: name,
        before,
        after: source,
      } as const;
      await this.#audit.record(tx, change);
    });
    return this.#view(type);
  }

  /**
   * Says that an event type is no longer to be used, or that it is after all. That of a preset becomes the platform's
   * own by it, as it is now.
   *
   * @throws WaybillError `not_found`
   */
  async deprecate(name: string, deprecated: boolean): Promise<EventTypeView> {
    await this.#catalogs.refresh(this.#database);
    const type = this.#catalogs.eventType(null, name);
    if (!type) throw notFound('event type');
    return this.put(name, { ...standAlone(type), deprecated });
  }

  /** Forgets an event type of the platform's own; that of a preset shows again. @throws WaybillError `not_found` */
  async delete(name: string): Promise<void> {
    await this.#catalogs.refresh(this.#database);
    await this.#change(this.#decidesNow(name), async (tx) => {
      if (!EVENT_TYPE.test(name) || !(await deleteEventType(tx, name))) throw notFound('event type');
      const before = this.#catalogs.ownTypes().find((one) => one.name === name)?.source;
      await this.#audit.record(tx, { account: null, action: 'event-type.deleted', target: name, before });
    });
  }

  /**
   * What a payload template can use of events of this type: with a subject, what the newest event about it has, with its
   * values; else all that schema and sample tell.
   *
   * @throws WaybillError `not_found`
   */
  async mergeFields(name: string, query: MergeFieldQuery): Promise<readonly MergeField[]> {
    const { account, subject } = query;
    if (subject === undefined) {
      const { schema, sample } = await this.#find(name, query);
      return listMergeFields(typeof schema === 'object' && schema !== null ? schema : undefined, sample);
    }
    if (account === undefined) {
      throw invalid([{ path: 'account', code: 'required', message: 'is needed to look for the subject' }]);
    }
    const [event] = await listEvents(
      this.#database,
      account,
      { type: name, subject, channel: null },
      null,
      1,
    );
    if (!event) throw notFound('event about this subject');
    return listMergeFieldsOf(parseData(event.data));
  }

  async #find(name: string, filter: EventTypeFilter): Promise<EventType> {
    await this.#catalogs.refreshIfOld(this.#database);
    const type = (await this.#visible(filter)).find((one) => one.name === name);
    if (!type) throw notFound('event type');
    return type;
  }

  async #visible({ account, preset }: EventTypeFilter): Promise<readonly EventType[]> {
    if (preset !== undefined) {
      const found = this.#catalogs.preset(preset);
      if (!found) throw notFound('preset');
      return [...found.eventTypes.values()];
    }
    const row = account === undefined ? undefined : await findAccount(this.#database, account);
    return this.#catalogs.typesInUse(row?.preset ?? null);
  }

  /** Whether a type of this name, the platform's own or of any preset, decides what some webhook is sent. */
  #decidesNow(name: string): boolean {
    const presets = this.#catalogs.presets().flatMap(({ eventTypes }) => eventTypes.get(name) ?? []);
    return [...presets, ...this.#catalogs.ownTypes().filter((one) => one.name === name)].some(sends);
  }

  async #change(resend: boolean, work: (tx: Queryable) => Promise<void>): Promise<void> {
    const touched = await this.#database.transaction(async (tx) => {
      await touchCatalog(tx);
      await work(tx);
      const profiles = this.#catalogs.presets().map(({ name }) => name);
      return resend ? touchWebhooksOfProfiles(tx, profiles) : [];
    });
    await this.#catalogs.refresh(this.#database);
    for (const webhookId of touched) await this.#changes.webhook(webhookId);
  }

  #view(type: EventType): EventTypeView {
    return eventTypeView(type, this.#catalogs.usualVersion(type));
  }
}

function checkedType(source: Record<string, unknown>): EventType {
  const parsed = eventTypeFileSchema.safeParse(source);
  if (!parsed.success) throw refused(complaintsOf(parsed.error.issues));
  const type = createEventType(parsed.data, source, null);
  const complaints = eventTypeComplaints(type, null, []);
  if (complaints.length > 0) throw refused(complaints);
  return type;
}

function refused(complaints: readonly Complaint[]): WaybillError {
  const errors = complaints.map(({ path, message }) => ({ path: pathText(path), code: 'invalid', message }));
  const [first] = errors;
  return new WaybillError('validation_failed', 400, `${first?.path}: ${first?.message}`, { errors });
}

/** As it was written down, with what its schemas refer to in its preset. */
function standAlone(type: EventType): Record<string, unknown> {
  const versions = [...type.versions].map(([version, { schema }]) => {
    const written = (type.source.versions as Record<string, object>)[version];
    return [version, schema === null ? written : { ...written, schema }];
  });
  return {
    ...type.source,
    ...(type.schema === null ? {} : { schema: type.schema }),
    ...(versions.length === 0 ? {} : { versions: Object.fromEntries(versions) }),
  };
}

/** Whether it decides what is sent, beside being described. */
function sends(type: EventType): boolean {
  return type.payload !== null || type.versions.size > 0;
}

function textOf({ name, title, description }: EventType): string {
  return `${name} ${title ?? ''} ${description ?? ''}`.toLowerCase();
}
