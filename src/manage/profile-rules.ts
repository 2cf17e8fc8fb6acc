import { authorizationHeaderName } from '../auth/authorize.ts';
import type { AuthView } from '../auth/view.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import { type FieldError, invalid } from '../errors.ts';
import { type Profile, secretKindOf } from '../profile/profile.ts';
import { parseSecret, type SecretKind } from '../profile/secret.ts';

/** What of a webhook must agree with its profile. */
export interface ProfiledSettings {
  readonly profile: string;
  readonly payloadVersion: string | null;
  readonly url: string;
  readonly events: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Which header says who sends. */
  readonly auth: AuthView | null;
  /** The secrets it signs with. */
  readonly secrets: readonly string[];
}

const UNKNOWN_PROFILE: FieldError = {
  path: 'profile',
  code: 'not_allowed',
  message: 'is not a known profile',
};

/** The profile of this name. @throws WaybillError `validation_failed` if there is none */
export function requireProfile(catalogs: Catalogs, name: string): Profile {
  const profile = catalogs.profile(name);
  if (profile) return profile;
  throw invalid([UNKNOWN_PROFILE]);
}

/** @throws WaybillError `validation_failed`, with all that doesn't agree */
export function checkProfile(catalogs: Catalogs, settings: ProfiledSettings): void {
  const profile = requireProfile(catalogs, settings.profile);
  const errors = [...secretErrors(profile, settings), ...profileErrors(catalogs, settings)];
  if (errors.length > 0) throw invalid(errors);
}

/** What of a webhook, beside its secrets, doesn't agree with its profile. */
export function profileErrors(catalogs: Catalogs, settings: ProfiledSettings): FieldError[] {
  const profile = catalogs.profile(settings.profile);
  if (!profile) return [UNKNOWN_PROFILE];
  return [
    ...urlErrors(profile, settings),
    ...headerErrors(profile, settings),
    ...authErrors(profile, settings),
    ...versionErrors(catalogs, settings),
  ];
}

const SECRET_FORMS: Record<SecretKind, string> = {
  text: 'text',
  whsec: 'whsec_ and base64 of 24 to 64 bytes',
  whsk: 'whsk_ and base64 of an Ed25519 key (32 bytes, or these and its public key)',
};

function secretErrors(profile: Profile, { secrets }: ProfiledSettings): FieldError[] {
  const kind = secretKindOf(profile);
  if (secrets.every((secret) => parseSecret(secret, kind) !== undefined)) return [];
  const message = `must be ${SECRET_FORMS[kind]} for the profile ${profile.name}`;
  const params = { rule: 'secret_form', profile: profile.name, form: kind };
  return [{ path: 'secret', code: 'invalid', message, params }];
}

function urlErrors(profile: Profile, { url }: ProfiledSettings): FieldError[] {
  if (!profile.httpsOnly || url.startsWith('https:')) return [];
  return [httpsNeeded('url', profile)];
}

function httpsNeeded(path: string, { name }: Profile): FieldError {
  return {
    path,
    code: 'url_scheme',
    message: `must be https for the profile ${name}`,
    params: { rule: 'https', profile: name },
  };
}

function headerErrors(profile: Profile, { headers }: ProfiledSettings): FieldError[] {
  const own = new Set(ownHeaders(profile));
  return Object.keys(headers)
    .filter((name) => own.has(name.toLowerCase()))
    .map((name) => ({
      path: `headers.${name}`,
      code: 'invalid',
      message: 'is set by the profile itself',
      params: { rule: 'header_of_profile', header: name },
    }));
}

/** What says who sends is laid over all other headers: it must not take the place of one. */
function authErrors(profile: Profile, { auth, headers }: ProfiledSettings): FieldError[] {
  const header = authorizationHeaderName(auth);
  if (auth === null || header === null) return [];
  const path = auth.type === 'header' ? 'auth.name' : 'auth';
  const errors: FieldError[] = [];
  if (ownHeaders(profile).includes(header)) {
    const message = `${header} is set by the profile itself`;
    errors.push({ path, code: 'invalid', message, params: { rule: 'header_of_profile', header } });
  }
  if (Object.keys(headers).some((name) => name.toLowerCase() === header)) {
    const message = `${header} is set in headers already`;
    errors.push({ path, code: 'invalid', message, params: { rule: 'header_set_already', header } });
  }
  if (auth.type === 'oauth2' && profile.httpsOnly && !auth.tokenUrl.startsWith('https:')) {
    errors.push(httpsNeeded('auth.tokenUrl', profile));
  }
  return errors;
}

function ownHeaders(profile: Profile): string[] {
  const names = [...Object.keys(profile.headers), ...profile.signatures.map(({ header }) => header)];
  return names.map((name) => name.toLowerCase());
}

/** A pinned version must be one there is, and every event type named in full must have it. */
function versionErrors(
  catalogs: Catalogs,
  { profile, payloadVersion, events }: ProfiledSettings,
): FieldError[] {
  if (payloadVersion === null) return [];
  const types = catalogs.typesSentBy(profile);
  const versions = [...new Set(types.flatMap((type) => [...type.versions.keys()]))];
  if (!versions.includes(payloadVersion)) {
    const message =
      versions.length > 0 ? `must be one of ${versions.join(', ')}` : 'there are no payload versions';
    const params = { allowed: versions.join(', ') };
    return [{ path: 'payloadVersion', code: 'not_allowed', message, params }];
  }
  return events.flatMap((name, index) => {
    const type = types.find((one) => one.name === name);
    if (!type || type.versions.size === 0 || type.versions.has(payloadVersion)) return [];
    const known = [...type.versions.keys()].join(', ');
    const message = `has payloads in ${known} only, not in ${payloadVersion}`;
    return [{ path: `events[${index}]`, code: 'not_allowed', message, params: { allowed: known } }];
  });
}
