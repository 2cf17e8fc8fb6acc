import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { checkPresetInTurns } from '../catalog/check.ts';
import { withPreset } from '../catalog/contents.ts';
import { documentFromText, type PresetDocument, readPresetDocument } from '../catalog/document.ts';
import type { Flaw } from '../catalog/flaws.ts';
import type { Preset } from '../catalog/preset.ts';
import type { Database, Queryable } from '../db/database.ts';
import { conflict, invalid, notFound, WaybillError } from '../errors.ts';
import type { WireFormat } from '../profile/profile.ts';
import { forgetEventTypesOf } from '../store/event-types.ts';
import {
  countFilterUses,
  countPresetUses,
  deletePreset,
  findPreset,
  putPreset,
  touchWebhooksOfProfiles,
} from '../store/presets.ts';
import { type Changed, changeCatalog } from './change-catalog.ts';
import type { ChangeSink } from './changes.ts';
import { type EventTypeView, eventTypeView } from './event-type-view.ts';
import { type PresetView, presetView } from './preset-view.ts';
import { checkWebhooksFit } from './webhooks-fit.ts';

/** What has come in with a preset. */
export interface Imported {
  preset: string;
  eventTypes: number;
  /** Whether it brought a wire format of its own. */
  profile: boolean;
}

/** The systems this instance can be: those that come along, and the platform's own. */
export class Presets {
  readonly #database: Database;
  readonly #catalogs: Catalogs;
  readonly #changes: Pick<ChangeSink, 'told'>;
  readonly #audit: Audit;

  constructor(database: Database, catalogs: Catalogs, changes: Pick<ChangeSink, 'told'>, audit: Audit) {
    this.#audit = audit;
    this.#database = database;
    this.#catalogs = catalogs;
    this.#changes = changes;
  }

  /** All that are known, by name. */
  async list(): Promise<PresetView[]> {
    await this.#catalogs.refreshIfOld(this.#database);
    return this.#catalogs.presets().map((preset) => presetView(preset, this.#catalogs));
  }

  /** One, with its event types. @throws WaybillError `not_found` */
  async get(name: string): Promise<PresetView & { types: EventTypeView[] }> {
    await this.#catalogs.refreshIfOld(this.#database);
    const preset = this.#catalogs.preset(name);
    if (!preset) throw notFound('preset');
    const types = [...preset.eventTypes.values()].map((type) => eventTypeView(type, preset.payloadVersion));
    return { ...presetView(preset, this.#catalogs), types };
  }

  /**
   * Makes the event types of a preset known to all accounts that have none of their own; one that comes along is named,
   * the platform's own is given whole and put in the place of the one of its name. If it is that already, nothing
   * happens.
   *
   * @param text the preset as JSON; undefined for one that is known
   * @throws WaybillError `not_found`, `preset_invalid` (400) with all that is wrong, `preset_built_in` (409),
   *   `preset_in_use` (409) if webhooks or other presets don't fit it
   */
  async import(name: string, text?: string): Promise<Imported> {
    if (text !== undefined) return this.#importDocument(documentFromText(text, name), name);
    const { preset, touched } = await this.#changing(async (tx) => {
      const known = this.#catalogs.writtenPreset(name);
      if (!known) throw notFound('preset');
      // Of the platform's own it is the document that says so.
      const isNew = known.builtIn && !this.#catalogs.isImported(name);
      if (isNew) {
        await putPreset(tx, name, null);
        await this.#record(tx, known);
      }
      return { preset: known, changed: isNew, touched: [] };
    });
    return this.#imported(preset, touched);
  }

  /** Reads a preset from a file, and imports it. Returns its name. @throws WaybillError as `import` */
  async importFile(path: string): Promise<string> {
    return (await this.#importDocument(readPresetDocument(path))).preset;
  }

  /**
   * Forgets a preset of the platform's own, with the event types that were added to it, or that one of those that come
   * along was imported.
   *
   * @throws WaybillError `not_found`, `preset_in_use` (409)
   */
  async delete(name: string): Promise<void> {
    await this.#changing(async (tx) => {
      const preset = this.#catalogs.writtenPreset(name);
      if (!preset) throw notFound('imported preset');
      if (this.#catalogs.instancePreset === name)
        throw inUse(`This instance is ${name}. Start it as another first.`);
      if (!(await deletePreset(tx, name))) throw notFound('imported preset');
      if (!preset.builtIn) {
        await this.#refuseIfUsed(tx, name);
        await forgetEventTypesOf(tx, name);
      }
      const { title, builtIn } = preset;
      const change = { account: null, action: 'preset.deleted', target: name } as const;
      await this.#audit.record(tx, { ...change, before: { title, builtIn } });
      return { changed: true, touched: [] };
    });
  }

  /** @param expected the name it must have */
  async #importDocument(document: PresetDocument | Flaw[], expected?: string): Promise<Imported> {
    await this.#catalogs.refresh(this.#database);
    // Compiling all its schemas takes a while, and has nothing to do with what others change meanwhile.
    const preset = await this.#checked(document);
    const text = JSON.stringify((document as PresetDocument).value);
    if (expected !== undefined && preset.name !== expected) {
      throw invalid([{ path: 'name', code: 'not_allowed', message: `must be ${expected}, as in the path` }]);
    }
    const { touched } = await this.#changing((tx) => this.#put(tx, preset, text));
    return this.#imported(preset, touched);
  }

  async #put(tx: Queryable, preset: Preset, text: string): Promise<Changed> {
    const { name } = preset;
    if (this.#catalogs.writtenPreset(name)?.builtIn) {
      throw conflict('preset_built_in', `${name} comes along with Waybill. Give your own another name.`);
    }
    const stored = await findPreset(tx, name);
    if (stored != null && JSON.stringify(JSON.parse(stored)) === text) return { changed: false, touched: [] };
    const profiles = [name, ...this.#sharing(name)];
    const after = this.#catalogs.changed((contents) => withPreset(contents, preset));
    refuseOrphans(name, profiles, after);
    await this.#checkFilterUses(tx, preset);
    await checkWebhooksFit(tx, profiles, { before: this.#catalogs, after });
    await putPreset(tx, name, text);
    await this.#record(tx, preset, this.#catalogs.writtenPreset(name));
    return { changed: true, touched: await touchWebhooksOfProfiles(tx, profiles) };
  }

  async #refuseIfUsed(tx: Queryable, name: string): Promise<void> {
    const { webhooks, accounts } = await countPresetUses(tx, name);
    const sharing = this.#sharing(name).length;
    if (webhooks + accounts + sharing === 0) return;
    throw inUse(
      `${webhooks} webhooks, ${accounts} accounts and ${sharing} presets use ${name}. Give them another first.`,
    );
  }

  /** The presets that share the wire format of this one. */
  #sharing(name: string): string[] {
    return this.#catalogs
      .presets()
      .filter(({ profile }) => profile === name)
      .map((one) => one.name);
  }

  /** With the catalog's lock, and all that is known of presets as it is until the transaction ends. */
  #changing<T extends Changed>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return changeCatalog(this.#database, this.#catalogs, work);
  }

  async #checked(document: PresetDocument | Flaw[]): Promise<Preset> {
    if (Array.isArray(document)) throw flawed(document);
    const outcome = await checkPresetInTurns(document, {
      builtIn: false,
      hasProfile: (name) => ownProfileOf(this.#catalogs.preset(name)) !== undefined,
    });
    if ('flaws' in outcome) throw flawed(outcome.flaws);
    return outcome.preset;
  }

  #imported(preset: Preset, touched: readonly string[]): Imported {
    this.#changes.told(touched);
    return importedOf(preset);
  }

  async #record(tx: Queryable, preset: Preset, before?: Preset): Promise<void> {
    const change = { account: null, action: 'preset.imported', target: preset.name } as const;
    await this.#audit.record(tx, {
      ...change,
      before: before && importedOf(before),
      after: importedOf(preset),
    });
  }

  /** A filter that is chosen must go on looking where it did: what it lets through was chosen with it. */
  async #checkFilterUses(tx: Queryable, { name, filters }: Preset): Promise<void> {
    const before = this.#catalogs.writtenPreset(name);
    if (!before) return;
    const moved = before.filters.filter(
      ({ name, field }) => filters.find((one) => one.name === name)?.field !== field,
    );
    for (const filter of moved) {
      const webhooks = await countFilterUses(tx, name, filter.name);
      if (webhooks === 0) continue;
      throw inUse(
        `The filter ${filter.name} is chosen by webhooks (${webhooks}), and would be gone or look at another field. ` +
          'Keep it as it is, and give what is new another name.',
      );
    }
  }
}

function importedOf(preset: Preset): Imported {
  const profile = ownProfileOf(preset) !== undefined;
  return { preset: preset.name, eventTypes: preset.eventTypes.size, profile };
}

/** The preset itself has shared one that has just been deleted, or others share one that would be gone. */
function refuseOrphans(name: string, profiles: readonly string[], after: Catalogs): void {
  const [own, ...sharing] = profiles.filter((one) => after.profile(one) === undefined);
  if (own === name)
    throw conflict('preset_in_use', `The profile that ${name} shares is gone. Import it again.`);
  const orphans = [own, ...sharing].filter((one) => one !== undefined);
  if (orphans.length === 0) return;
  throw inUse(`${orphans.join(', ')} share the profile of ${name}, which would be gone.`);
}

/** The wire format a preset brings itself; undefined if it shares another's, or has the default one. */
function ownProfileOf(preset: Preset | undefined): WireFormat | undefined {
  return typeof preset?.profile === 'object' ? (preset.profile ?? undefined) : undefined;
}

function inUse(message: string): WaybillError {
  return conflict('preset_in_use', message);
}

function flawed(flaws: readonly Flaw[]): WaybillError {
  const [first] = flaws;
  const rest = flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : '';
  const where = first && [first.file, first.path].filter(Boolean).join(': ');
  return new WaybillError('preset_invalid', 400, `${where}: ${first?.message}${rest}`, {
    errors: flaws.map(({ file, path, message }) => ({ path: path || file, code: 'invalid', message })),
  });
}
