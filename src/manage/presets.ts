import type { Audit } from '../audit/audit.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { checkPreset } from '../catalog/check.ts';
import { documentFromText, type PresetDocument, readPresetDocument } from '../catalog/document.ts';
import type { Flaw } from '../catalog/flaws.ts';
import { type Preset, payloadVersionsOf } from '../catalog/preset.ts';
import type { Database } from '../db/database.ts';
import { conflict, invalid, notFound, WaybillError } from '../errors.ts';
import { secretKindOf, type WireFormat } from '../profile/profile.ts';
import {
  countFilterUses,
  countPresetUses,
  deletePreset,
  putPreset,
  touchCatalog,
  touchWebhooksOfProfiles,
} from '../store/presets.ts';
import type { ChangeSink } from './changes.ts';
import { type EventTypeView, eventTypeView } from './event-type-view.ts';

/** What a webhook can choose events by, without writing a condition. */
export interface PresetFilterView {
  name: string;
  title: string;
  description: string | null;
  /** Into the data as it is published. */
  field: string;
  /** Those it can have; null: any. */
  values: (string | number)[] | null;
}

/** A preset as it is shown. */
export interface PresetView {
  name: string;
  title: string;
  description: string;
  /** Whether it comes along with Waybill. */
  builtIn: boolean;
  /** Whether its event types are known to all accounts that have no preset of their own. */
  imported: boolean;
  /** Whether it is the preset of this instance. */
  instance: boolean;
  /** How many event types it has. */
  eventTypes: number;
  /** The versions its payloads have, and the one webhooks get that don't pin one. */
  payloadVersions: string[];
  payloadVersion: string | null;
  /** What webhooks that have its profile can choose by. */
  filters: PresetFilterView[];
  policies: { validation: string; unknownTypes: string };
}

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
  readonly #changes: ChangeSink;
  readonly #audit: Audit;

  constructor(database: Database, catalogs: Catalogs, changes: ChangeSink, audit: Audit) {
    this.#audit = audit;
    this.#database = database;
    this.#catalogs = catalogs;
    this.#changes = changes;
  }

  /** All that are known, by name. */
  async list(): Promise<PresetView[]> {
    await this.#catalogs.refreshIfOld(this.#database);
    return this.#catalogs.presets().map((preset) => this.#view(preset));
  }

  /** One, with its event types. @throws WaybillError `not_found` */
  async get(name: string): Promise<PresetView & { types: EventTypeView[] }> {
    await this.#catalogs.refreshIfOld(this.#database);
    const preset = this.#catalogs.preset(name);
    if (!preset) throw notFound('preset');
    const types = [...preset.eventTypes.values()].map((type) => eventTypeView(type, preset.payloadVersion));
    return { ...this.#view(preset), types };
  }

  /**
   * Makes the event types of a preset known to all accounts that have none of their own; one that comes along is named,
   * the platform's own is given whole and put in the place of the one of its name.
   *
   * @param text the preset as JSON; undefined for one that is known
   * @throws WaybillError `not_found`, `preset_invalid` (400) with all that is wrong, `preset_built_in` (409)
   */
  async import(name: string, text?: string): Promise<Imported> {
    await this.#catalogs.refresh(this.#database);
    if (text !== undefined) return this.#store(name, await this.#checked(documentFromText(text, name)), text);
    const preset = this.#catalogs.preset(name);
    if (!preset) throw notFound('preset');
    // Of the platform's own it is the document that says so.
    if (preset.builtIn) await this.#store(name, preset, null);
    return importedOf(preset);
  }

  /** Reads a preset from a file, and imports it. Returns its name. @throws WaybillError as `import` */
  async importFile(path: string): Promise<string> {
    await this.#catalogs.refresh(this.#database);
    const document = readPresetDocument(path);
    const preset = await this.#checked(document);
    const text = Array.isArray(document) ? '' : JSON.stringify((document as PresetDocument).value);
    await this.#store(preset.name, preset, text);
    return preset.name;
  }

  /**
   * Forgets a preset of the platform's own, or that one of those that come along was imported.
   *
   * @throws WaybillError `not_found`, `preset_in_use` (409)
   */
  async delete(name: string): Promise<void> {
    await this.#catalogs.refresh(this.#database);
    const preset = this.#catalogs.preset(name);
    if (!preset) throw notFound('imported preset');
    if (this.#catalogs.instancePreset === name)
      throw inUse(`This instance is ${name}. Start it as another first.`);
    await this.#database.transaction(async (tx) => {
      await touchCatalog(tx);
      // Before its uses are counted: a webhook that is being made with it holds it until it is there to be counted.
      if (!(await deletePreset(tx, name))) throw notFound('imported preset');
      const { title, builtIn } = preset;
      const gone = {
        account: null,
        action: 'preset.deleted',
        target: name,
        before: { title, builtIn },
      } as const;
      await this.#audit.record(tx, gone);
      if (preset.builtIn) return;
      const { webhooks, accounts } = await countPresetUses(tx, name);
      const sharing = this.#catalogs.presets().filter(({ profile }) => profile === name).length;
      if (webhooks + accounts + sharing === 0) return;
      throw inUse(
        `${webhooks} webhooks, ${accounts} accounts and ${sharing} presets use ${name}. Give them another first.`,
      );
    });
    await this.#catalogs.refresh(this.#database);
  }

  async #checked(document: PresetDocument | Flaw[]): Promise<Preset> {
    if (Array.isArray(document)) throw flawed(document);
    const outcome = checkPreset(document, {
      builtIn: false,
      hasProfile: (name) => ownProfileOf(this.#catalogs.preset(name)) !== undefined,
    });
    if ('flaws' in outcome) throw flawed(outcome.flaws);
    return outcome.preset;
  }

  async #store(name: string, preset: Preset, document: string | null): Promise<Imported> {
    if (preset.name !== name) {
      throw invalid([{ path: 'name', code: 'not_allowed', message: `must be ${name}, as in the path` }]);
    }
    if (document !== null && this.#catalogs.preset(name)?.builtIn) {
      throw conflict('preset_built_in', `${name} comes along with Waybill. Give your own another name.`);
    }
    if (document !== null) await this.#checkUses(preset);
    const touched = await this.#database.transaction(async (tx) => {
      // First: presets are changed one at a time.
      await touchCatalog(tx);
      await putPreset(tx, name, document);
      const [was, is] = [this.#catalogs.preset(name), importedOf(preset)];
      const before = document !== null && was ? importedOf(was) : undefined;
      await this.#audit.record(tx, {
        account: null,
        action: 'preset.imported',
        target: name,
        before,
        after: is,
      });
      if (document === null) return [];
      const sharing = this.#catalogs.presets().filter(({ profile }) => profile === name);
      return touchWebhooksOfProfiles(tx, [name, ...sharing.map((one) => one.name)]);
    });
    await this.#catalogs.refresh(this.#database);
    for (const webhookId of touched) await this.#changes.webhook(webhookId);
    return importedOf(preset);
  }

  /** What uses the preset of this name must still have a wire format, and its secrets must still be such as sign. */
  async #checkUses(preset: Preset): Promise<void> {
    const { name } = preset;
    const before = this.#catalogs.preset(name);
    if (!before) return;
    await this.#checkFilterUses(before, preset);
    const sharing = this.#catalogs.presets().filter(({ profile }) => profile === name);
    if (sharing.length > 0 && !ownProfileOf(preset)) {
      throw inUse(
        `${sharing.map((one) => one.name).join(', ')} share the profile of ${name}, which would be gone.`,
      );
    }
    const [was, is] = [this.#catalogs.formatOf(before), this.#catalogs.formatOf(preset)];
    if (!was || !is || secretKindOf(is) === 'text' || secretKindOf(was) === secretKindOf(is)) return;
    for (const one of [name, ...sharing.map((other) => other.name)]) {
      const { webhooks } = await countPresetUses(this.#database, one);
      if (webhooks === 0) continue;
      throw inUse(
        `${webhooks} webhooks have secrets that can't sign as ${name} would now. Give them another profile first.`,
      );
    }
  }

  /** A filter that is chosen must go on looking where it did: what it lets through was chosen with it. */
  async #checkFilterUses(before: Preset, { name, filters }: Preset): Promise<void> {
    const moved = before.filters.filter(
      ({ name, field }) => filters.find((one) => one.name === name)?.field !== field,
    );
    for (const filter of moved) {
      const webhooks = await countFilterUses(this.#database, name, filter.name);
      if (webhooks === 0) continue;
      throw inUse(
        `The filter ${filter.name} is chosen by webhooks (${webhooks}), and would be gone or look at another field. ` +
          'Keep it as it is, and give what is new another name.',
      );
    }
  }

  #view(preset: Preset): PresetView {
    const { name, title, description, builtIn, payloadVersion, policies } = preset;
    return {
      name,
      title,
      description,
      builtIn,
      imported: this.#catalogs.isImported(name),
      instance: this.#catalogs.instancePreset === name,
      eventTypes: preset.eventTypes.size,
      payloadVersions: payloadVersionsOf(preset),
      payloadVersion,
      filters: filtersView(preset),
      policies,
    };
  }
}

/** What a preset offers to choose by. */
export function filtersView({ filters }: Preset): PresetFilterView[] {
  return filters.map(({ name, title, description = null, field, values }) => {
    return { name, title, description, field, values: values ? [...values] : null };
  });
}

function importedOf(preset: Preset): Imported {
  const profile = ownProfileOf(preset) !== undefined;
  return { preset: preset.name, eventTypes: preset.eventTypes.size, profile };
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
