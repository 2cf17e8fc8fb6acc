import type { AuthView } from '../auth/view.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { Queryable } from '../db/database.ts';
import { type FieldError, WaybillError } from '../errors.ts';
import { toWireId } from '../ids.ts';
import { secretKindOf } from '../profile/profile.ts';
import { listWebhooksOfProfiles, type ProfiledRow } from '../store/presets.ts';
import { profileErrors } from './profile-rules.ts';

const WEBHOOKS_A_PAGE = 1_000;
// A message is read by people, the list of errors by programs.
const NAMED_IN_MESSAGE = 3;
const NAMED_IN_ERRORS = 100;

/** What is known of presets, and what would be after a change. */
export interface CatalogChange {
  readonly before: Catalogs;
  readonly after: Catalogs;
}

/**
 * Refuses a change that would leave webhooks at odds with their profiles: their URLs, headers, pinned versions or
 * secrets. Those that are at odds already don't stand in the way. To be called with the catalog's lock, and the lock of
 * each preset that changes.
 *
 * @param profiles those that change
 * @throws WaybillError `preset_in_use` (409), which names webhooks and what is wrong with them
 */
export async function checkWebhooksFit(
  tx: Queryable,
  profiles: readonly string[],
  change: CatalogChange,
): Promise<void> {
  const asking = profiles.filter((name) => demandsOf(change.before, name) !== demandsOf(change.after, name));
  const misfits: FieldError[] = [];
  let count = 0;
  for (let after: string | null = null; asking.length > 0; ) {
    const rows: ProfiledRow[] = await listWebhooksOfProfiles(tx, asking, after, WEBHOOKS_A_PAGE);
    for (const row of rows) {
      const [error] = newErrors(row, change);
      if (!error) continue;
      count += 1;
      if (misfits.length < NAMED_IN_ERRORS) misfits.push(error);
    }
    if (rows.length < WEBHOOKS_A_PAGE) break;
    after = rows.at(-1)?.id ?? null;
  }
  if (count > 0) throw misfit(misfits, count);
}

/** Whatever of a profile a webhook can be at odds with, in a form that can be compared. */
function demandsOf(catalogs: Catalogs, name: string): string {
  const profile = catalogs.profile(name);
  if (!profile) return 'none';
  const { headers, signatures, httpsOnly } = profile;
  const own = [...Object.keys(headers), ...signatures.map(({ header }) => header)];
  const versions = catalogs.typesSentBy(name).map((type) => [type.name, [...type.versions.keys()]]);
  return JSON.stringify([httpsOnly, own, secretKindOf(profile), versions]);
}

function newErrors(row: ProfiledRow, { before, after }: CatalogChange): FieldError[] {
  const settings = { ...row, auth: row.auth as AuthView | null, secrets: [] };
  const known = new Set(profileErrors(before, settings).map(keyOf));
  const errors = [...secretErrors(row, { before, after }), ...profileErrors(after, settings)];
  const path = `accounts/${row.accountId}/webhooks/${toWireId('wh', row.id)}`;
  return errors
    .filter((error) => !known.has(keyOf(error)))
    .map((error) => ({ ...error, path: `${path}: ${error.path}` }));
}

/** Any secret will do as text; of other kinds a webhook has none if its profile asked for another. */
function secretErrors({ profile }: ProfiledRow, { before, after }: CatalogChange): FieldError[] {
  const [was, is] = [before.profile(profile), after.profile(profile)];
  if (!was || !is || secretKindOf(is) === 'text' || secretKindOf(was) === secretKindOf(is)) return [];
  const message = `can't sign as ${profile} would now`;
  return [{ path: 'secret', code: 'invalid', message }];
}

function keyOf({ path, code }: FieldError): string {
  return `${code} ${path}`;
}

function misfit(errors: readonly FieldError[], count: number): WaybillError {
  const named = errors.slice(0, NAMED_IN_MESSAGE).map(({ path, message }) => `${path} ${message}`);
  const rest = count > named.length ? `; and ${count - named.length} more` : '';
  const what = count === 1 ? '1 webhook does' : `${count} webhooks do`;
  const message = `${what} not fit what would change: ${named.join('; ')}${rest}. Change them first.`;
  return new WaybillError('preset_in_use', 409, message, { errors });
}
