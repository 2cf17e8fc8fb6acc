import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { authorizationHeaders } from './authorize.ts';
import { authSchema, clientCertificateSchema, tlsCaSchema } from './settings.ts';
import { viewAuth } from './view.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/webhook-authentication.md', import.meta.url), 'utf8');
const SCHEMAS = { auth: authSchema, clientCertificate: clientCertificateSchema, tlsCa: tlsCaSchema };

const examples = [...GUIDE.matchAll(/^```json\n([\s\S]*?)\n```$/gm)].map(
  ([, json = '']) => Object.entries(JSON.parse(json))[0] as [keyof typeof SCHEMAS, unknown],
);

describe('the guide', () => {
  it.each(examples)('has an example of %s that is taken as it is', (field, value) => {
    expect(SCHEMAS[field].parse(value)).toEqual(value);
  });

  it('has an example of every kind', () => {
    const kinds = examples.flatMap(([field, value]) =>
      field === 'auth' ? [authSchema.parse(value).type] : [],
    );
    expect(new Set(kinds)).toEqual(new Set(['basic', 'bearer', 'header', 'oauth2']));
  });

  it('names every member that is shown of auth', () => {
    for (const [field, value] of examples) {
      if (field !== 'auth') continue;
      const members = Object.keys(viewAuth(authSchema.parse(value)));
      expect(GUIDE).toContain(`| ${members.map((name) => `\`${name}\``).join(', ')} |`);
    }
  });

  it('tells what a token is sent as', () => {
    expect(GUIDE).toContain(
      `Authorization: ${authorizationHeaders({ type: 'bearer', token: '3b1d7fe0c2a94d58' }).authorization}`,
    );
  });
});
