import { describe, expect, it } from 'vitest';
import { Catalogs } from '../catalog/catalogs.ts';
import type { Preset } from '../catalog/preset.ts';
import type { Database } from '../db/database.ts';
import { Descriptions } from './descriptions.ts';

/** Counts how often a preset is looked up, which is once for each description that is written. */
class CountingCatalogs extends Catalogs {
  written = 0;

  override preset(name: string): Preset | undefined {
    this.written += 1;
    return super.preset(name);
  }
}

const VERSIONS = Array.from({ length: 70 }, (_, index) => `v${index}`);
const OWN = {
  name: 'own',
  title: 'Own',
  description: 'Own.',
  eventTypes: [{ name: 'a.b', versions: Object.fromEntries(VERSIONS.map((version) => [version, {}])) }],
};

/** Where presets and event types are read from. */
class CatalogRows {
  version = 1;
  types: object[] = [];

  get database(): Database {
    const query = async (text: string) => ({ rows: this.#rowsOf(text) });
    return { query } as unknown as Database;
  }

  #rowsOf(text: string): object[] {
    if (text.includes('catalog_state')) return [{ version: this.version }];
    if (text.includes('waybill.presets')) return [{ name: 'own', document: JSON.stringify(OWN) }];
    return text.includes('waybill.event_types') ? this.types : [];
  }
}

function setUp() {
  const rows = new CatalogRows();
  const catalogs = new CountingCatalogs(null, (name, error) => {
    throw new Error(`${name} cannot be read`, { cause: error });
  });
  const descriptions = new Descriptions(rows.database, catalogs);
  /** How many descriptions were written for it. */
  const writtenFor = async (ask: () => Promise<unknown>): Promise<number> => {
    const before = catalogs.written;
    await ask();
    return catalogs.written - before;
  };
  return { rows, catalogs, descriptions, writtenFor };
}

describe('a description', () => {
  it('is written once, however often it is asked for', async () => {
    const { descriptions, writtenFor } = setUp();
    const question = { preset: 'scurri', version: '2024.1' };
    expect(await writtenFor(() => descriptions.openApi(question))).toBe(1);
    for (let round = 0; round < 3; round += 1) {
      expect(await writtenFor(() => descriptions.openApi({ ...question }))).toBe(0);
    }
  });

  it('is another one in another language, of another version or preset', async () => {
    const { descriptions, writtenFor } = setUp();
    await descriptions.openApi({ preset: 'scurri' });
    expect(await writtenFor(() => descriptions.asyncApi({ preset: 'scurri' }))).toBe(1);
    expect(await writtenFor(() => descriptions.openApi({ preset: 'scurri', version: '2025.1' }))).toBe(1);
    expect(await writtenFor(() => descriptions.openApi({ preset: 'nshift' }))).toBe(1);
    expect(await writtenFor(() => descriptions.openApi())).toBe(1);
    expect(await writtenFor(() => descriptions.openApi({ preset: 'scurri' }))).toBe(0);
  });

  it('is written anew once the catalog has changed, and has the change in it', async () => {
    const { rows, catalogs, descriptions, writtenFor } = setUp();
    const ask = () => descriptions.openApi({ preset: 'scurri' });
    expect(await ask()).not.toContain('box.packed');
    rows.types = [{ preset: 'scurri', name: 'box.packed', document: '{"name":"box.packed"}' }];
    rows.version += 1;
    await catalogs.refresh(rows.database);
    expect(await writtenFor(ask)).toBe(1);
    expect(await ask()).toContain('box.packed');
    expect(await writtenFor(ask)).toBe(0);
  });

  it('of what there is not is refused each time, and takes no room', async () => {
    const { descriptions, writtenFor } = setUp();
    await descriptions.openApi({ preset: 'own' });
    for (let index = 0; index < 100; index += 1) {
      await expect(descriptions.openApi({ preset: `none-${index}` })).rejects.toMatchObject({ status: 404 });
      await expect(descriptions.openApi({ preset: 'own', version: `${index}` })).rejects.toMatchObject({
        errors: [{ path: 'version' }],
      });
    }
    expect(await writtenFor(() => descriptions.openApi({ preset: 'own' }))).toBe(0);
  });

  it('is forgotten where more are asked for than are kept', async () => {
    const { descriptions, writtenFor } = setUp();
    const ask = (version: string) => descriptions.openApi({ preset: 'own', version });
    for (const version of VERSIONS.slice(0, 64)) await ask(version);
    expect(await writtenFor(() => ask('v0'))).toBe(0);
    await ask('v64');
    expect(await writtenFor(() => ask('v0'))).toBe(1);
    expect(await writtenFor(() => ask('v64'))).toBe(0);
  });
});
