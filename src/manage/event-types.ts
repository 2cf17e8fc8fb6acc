import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { withOwnType } from '../catalog/contents.ts';
import type { EventType } from '../catalog/event-type.ts';
import type { Database, Queryable } from '../db/database.ts';
import { invalid, notFound } from '../errors.ts';
import { EVENT_TYPE } from '../event-pattern.ts';
import { parseData } from '../payload/data.ts';
import { listMergeFields, listMergeFieldsOf, type MergeField } from '../payload/merge-fields.ts';
import { findAccount } from '../store/accounts.ts';
import { deleteEventType, putDeprecation, putEventType } from '../store/event-types.ts';
import { listEvents } from '../store/events.ts';
import { touchWebhooksOfProfiles } from '../store/presets.ts';
import { type Changed, changeCatalog } from './change-catalog.ts';
import type { ChangeSink } from './changes.ts';
import { type EventTypeView, eventTypeView } from './event-type-view.ts';
import { readOwnType } from './own-event-type.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { type VersionChanges, type VersionsAsked, versionChanges } from './version-changes.ts';
import { checkWebhooksFit } from './webhooks-fit.ts';

/** Which event types are asked for. */
export interface EventTypeFilter {
  /** As this account sees them. */
  readonly account?: string | undefined;
  /** Those of this preset alone, as they are in force. */
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

/** Whose event type is meant. */
export interface OfPreset {
  /** Default: the preset of the instance. */
  readonly preset?: string | undefined;
}

/** Where an event type of the platform's own holds. */
interface Scope {
  readonly home: string;
  /** Under which names it may be kept. */
  readonly presets: readonly (string | null)[];
}

const UNCHANGED: Changed = { changed: false, touched: [] };

/** The catalog: the event types of presets, and the platform's own, each of which belongs to one of them. */
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
   * What a receiver meets that moves from one version of the payload to another; by default to the newest.
   *
   * @throws WaybillError `not_found`, `validation_failed` for a version there isn't
   */
  async changes(
    name: string,
    query: Pick<EventTypeFilter, 'account' | 'preset'> & VersionsAsked = {},
  ): Promise<VersionChanges> {
    return versionChanges(await this.#find(name, query), query);
  }

  /**
   * Makes an event type of the platform's own, or puts it in the place of the one of its name. Where the preset it
   * belongs to has a type of this name, the platform's own is taken instead of it; other presets have nothing to do
   * with it. If it is that already, nothing happens.
   *
   * @param input what it is; its name may be left out
   * @throws WaybillError `validation_failed`, with everything that is wrong; `not_found` for an unknown preset;
   *   `preset_in_use` (409) if webhooks pin a version of its payload that would be gone
   */
  async put(name: string, input: unknown, of: OfPreset = {}): Promise<EventTypeView> {
    const { source, type } = readOwnType(name, input, of.preset ?? null);
    await this.#changing(async (tx) => {
      const scope = this.#scopeOf(of);
      const before = this.#catalogs.preset(scope.home)?.eventTypes.get(name);
      if (before?.own && before.preset === type.preset && isSame(before.source, source)) {
        return UNCHANGED;
      }
      await deleteEventType(
        tx,
        scope.presets.filter((preset) => preset !== type.preset),
        name,
      );
      await putEventType(tx, { preset: type.preset, name, document: JSON.stringify(source) });
      await this.#record(tx, 'event-type.updated', name, before?.own ? before : undefined, type);
      return this.#touch(tx, scope, name, type);
    });
    return this.#view(type);
  }

  /**
   * Says that an event type is no longer to be used, or that it is after all. Of the platform's own that is part of what
   * it is; of one that a preset has brought it is a mark on it.
   *
   * @throws WaybillError `not_found`
   */
  async deprecate(name: string, deprecated: boolean, of: OfPreset = {}): Promise<EventTypeView> {
    const { type } = await this.#changing(async (tx) => {
      const home = of.preset === undefined ? undefined : this.#scopeOf(of).home;
      const found =
        home === undefined
          ? this.#catalogs.eventType(null, name)
          : this.#catalogs.preset(home)?.eventTypes.get(name);
      if (!found) throw notFound('event type');
      const after = { ...found, deprecated };
      if (found.deprecated === deprecated) return { ...UNCHANGED, type: after };
      const { preset, own, source } = found;
      const document = { ...source, deprecated };
      if (own) await putEventType(tx, { preset, name, document: JSON.stringify(document) });
      else if (preset !== null) await putDeprecation(tx, { preset, name, deprecated });
      await this.#record(tx, 'event-type.updated', name, found, { ...after, source: document });
      return { changed: true, touched: [], type: after };
    });
    return this.#view(type);
  }

  /**
   * Forgets an event type of the platform's own; that of its preset shows again.
   *
   * @throws WaybillError `not_found`, `preset_in_use` (409) if webhooks pin a version of its payload
   */
  async delete(name: string, of: OfPreset = {}): Promise<void> {
    await this.#changing(async (tx) => {
      const scope = this.#scopeOf(of);
      const before = this.#catalogs.preset(scope.home)?.eventTypes.get(name);
      if (!EVENT_TYPE.test(name) || !(await deleteEventType(tx, scope.presets, name))) {
        throw notFound('event type');
      }
      await this.#record(tx, 'event-type.deleted', name, before);
      return this.#touch(tx, scope, name);
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
      { type: name, subject, channel: null, from: null, to: null },
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

  /** @throws WaybillError `not_found` for an unknown preset */
  #scopeOf({ preset }: OfPreset): Scope {
    const { homePreset: home } = this.#catalogs;
    if (preset !== undefined && !this.#catalogs.preset(preset)) throw notFound('preset');
    // Of the types of a name that both have, but one is in force.
    return preset === undefined || preset === home
      ? { home, presets: [null, home] }
      : { home: preset, presets: [preset] };
  }

  /** Who is sent what this type decides must be sent it anew. @param type what is there now; undefined: none */
  async #touch(tx: Queryable, { home, presets }: Scope, name: string, type?: EventType): Promise<Changed> {
    const after = this.#catalogs.changed((contents) => withOwnType(contents, { presets, name }, type));
    await checkWebhooksFit(tx, [home], { before: this.#catalogs, after });
    const decides = [this.#catalogs, after].some((catalogs) => {
      const one = catalogs.preset(home)?.eventTypes.get(name);
      return one !== undefined && sends(one);
    });
    return { changed: true, touched: decides ? await touchWebhooksOfProfiles(tx, [home]) : [] };
  }

  async #changing<T extends Changed>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const result = await changeCatalog(this.#database, this.#catalogs, work);
    this.#changes.told(result.touched);
    return result;
  }

  async #record(
    tx: Queryable,
    action: 'event-type.updated' | 'event-type.deleted',
    target: string,
    ...[before, after]: (EventType | undefined)[]
  ): Promise<void> {
    const shown = (type: EventType | undefined) => type && { preset: type.preset, ...type.source };
    const change = { account: null, action, target, before: shown(before), after: shown(after) };
    await this.#audit.record(tx, change);
  }

  #view(type: EventType): EventTypeView {
    return eventTypeView(type, this.#catalogs.usualVersion(type));
  }
}

/** Whether it decides what is sent, beside being described. */
function sends(type: EventType): boolean {
  return type.payload !== null || type.versions.size > 0;
}

function textOf({ name, title, description }: EventType): string {
  return `${name} ${title ?? ''} ${description ?? ''}`.toLowerCase();
}

/** With its members in the same order, too: that of versions says which is the newest. */
function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
