import type { Catalogs } from '../catalog/catalogs.ts';
import type { Queryable } from '../db/database.ts';
import { holdCatalog } from '../store/presets.ts';

/**
 * Keeps all presets and event types as they are until the transaction ends, and reads them as they are then. Whoever
 * names a preset in what is written, or a version of its payloads, must hold them: a change that is under way is waited
 * for, and one that comes later finds what was written. One lock stands for all of them: those that come along have no row
 * to be locked, one preset may share the wire format of another, and changes are rare.
 */
export async function holdPresets(tx: Queryable, catalogs: Catalogs): Promise<void> {
  await holdCatalog(tx);
  await catalogs.refresh(tx);
}
