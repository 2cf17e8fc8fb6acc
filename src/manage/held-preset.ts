import type { Catalogs } from '../catalog/catalogs.ts';
import type { Preset } from '../catalog/preset.ts';
import type { Queryable } from '../db/database.ts';
import { invalid } from '../errors.ts';
import { holdPreset as holdRow } from '../store/presets.ts';

/**
 * Keeps a preset, and the one whose wire format it shares, as they are until the transaction ends, and reads them as
 * they are then. Whoever names a preset in what is written must hold it: a change of the preset that is under way is
 * waited for, and one that comes later finds what was written.
 *
 * @returns the preset; undefined if there is none of this name
 */
export async function holdPreset(
  tx: Queryable,
  catalogs: Catalogs,
  name: string,
): Promise<Preset | undefined> {
  const preset = await hold(tx, catalogs, name);
  // While the one is held it shares no other's.
  if (typeof preset?.profile === 'string') await hold(tx, catalogs, preset.profile);
  return preset;
}

/** The same for a preset that somebody named as a webhook's profile. @throws WaybillError `validation_failed` */
export async function holdProfile(tx: Queryable, catalogs: Catalogs, name: string): Promise<void> {
  if (await holdPreset(tx, catalogs, name)) return;
  throw invalid([{ path: 'profile', code: 'not_allowed', message: 'is not a known profile' }]);
}

async function hold(tx: Queryable, catalogs: Catalogs, name: string): Promise<Preset | undefined> {
  const isStored = await holdRow(tx, name);
  await catalogs.refresh(tx);
  const preset = catalogs.preset(name);
  return isStored || preset?.builtIn ? preset : undefined;
}
