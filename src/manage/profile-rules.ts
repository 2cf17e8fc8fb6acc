import { type FieldError, invalid } from '../errors.ts';
import { loadProfiles } from '../profile/load.ts';
import { type Profile, wantsWhsec } from '../profile/profile.ts';
import { parseSecret } from '../profile/secret.ts';

/** What of a webhook must agree with its profile. */
export interface ProfiledSettings {
  readonly profile: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The secrets it signs with. */
  readonly secrets: readonly string[];
}

/** @throws WaybillError `validation_failed`, with all that doesn't agree */
export function checkProfile(settings: ProfiledSettings): void {
  const profile = loadProfiles().get(settings.profile);
  if (!profile) throw invalid([{ path: 'profile', code: 'not_allowed', message: 'is not a known profile' }]);
  const errors = [
    ...secretErrors(profile, settings),
    ...urlErrors(profile, settings),
    ...headerErrors(profile, settings),
  ];
  if (errors.length > 0) throw invalid(errors);
}

function secretErrors(profile: Profile, { secrets }: ProfiledSettings): FieldError[] {
  if (!wantsWhsec(profile) || secrets.every((secret) => parseSecret(secret) !== undefined)) return [];
  const message = `must be whsec_ and base64 of 24 to 64 bytes for the profile ${profile.name}`;
  return [{ path: 'secret', code: 'invalid', message }];
}

function urlErrors(profile: Profile, { url }: ProfiledSettings): FieldError[] {
  if (!profile.httpsOnly || url.startsWith('https:')) return [];
  return [{ path: 'url', code: 'url_scheme', message: `must be https for the profile ${profile.name}` }];
}

function headerErrors(profile: Profile, { headers }: ProfiledSettings): FieldError[] {
  const own = new Set(ownHeaders(profile));
  return Object.keys(headers)
    .filter((name) => own.has(name.toLowerCase()))
    .map((name) => ({ path: `headers.${name}`, code: 'invalid', message: 'is set by the profile itself' }));
}

function ownHeaders(profile: Profile): string[] {
  const names = [...Object.keys(profile.headers), ...profile.signatures.map(({ header }) => header)];
  return names.map((name) => name.toLowerCase());
}
