import { Catalogs } from '../../src/catalog/catalogs.ts';
import { type Profile, profileSchema } from '../../src/profile/profile.ts';

const catalogs = new Catalogs(null, (name, error) => {
  throw new Error(`${name} cannot be read`, { cause: error });
});

/** The profile of a preset that comes along. @param version of payloads, as a webhook pins it */
export function builtInProfile(name: string, version: string | null = null): Profile {
  const profile = catalogs.profile(name, version);
  if (!profile) throw new Error(`There is no profile ${name}.`);
  return profile;
}

/** A profile of this wire format, with no event types. */
export function plainProfile(format: unknown): Profile {
  const names = { name: 'plain', title: 'Plain', description: 'A wire format alone.' };
  return { ...profileSchema.parse(format), ...names, payloadVersion: null, types: new Map() };
}

/** For wire formats of a test that isn't about how they sign. */
export const SIGNATURE = {
  header: 'X-Signature',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  content: '{body}',
  each: '{signature}',
  secrets: 'first',
};
