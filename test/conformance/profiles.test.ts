import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderBody, renderHeaders } from '../../src/profile/engine.ts';
import { loadProfiles, parseProfile } from '../../src/profile/load.ts';
import type { Profile } from '../../src/profile/profile.ts';
import type { Subject } from '../../src/profile/subject.ts';
import { matchesPattern } from '../../src/publish/event-pattern.ts';

interface Vector {
  readonly title: string;
  readonly subject: Subject;
  readonly secrets: readonly string[];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const CATALOGS = new URL('../../catalogs/', import.meta.url);
const VECTORS = new URL('profile-vectors/', import.meta.url);
const MAKER = fileURLToPath(new URL('make-vectors.py', VECTORS));
const hasPython = spawnSync('python3', ['--version']).status === 0;

const profiles = loadProfiles();
const names = readdirSync(CATALOGS).filter((name) => existsSync(new URL(`${name}/profile.json`, CATALOGS)));

function vectorsOf(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), 'utf8'));
}

function profileOf(name: string): Profile {
  const profile = profiles.get(name);
  if (!profile) throw new Error(`There is no profile ${name}.`);
  return profile;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('the profiles that come along', () => {
  it('are those of the folders of catalogs, each under the name of its folder', () => {
    expect([...profiles.keys()].sort()).toEqual([...names].sort());
    expect(names).toContain('standard-webhooks');
  });

  it('each have vectors, and there are none of a profile that is gone', () => {
    const files = readdirSync(VECTORS).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual(names.map((name) => `${name}.json`).sort());
    for (const name of names) expect(vectorsOf(name).length, name).toBeGreaterThanOrEqual(3);
  });

  it.skipIf(!hasPython)('the vectors are what the script beside them makes', () => {
    const { status, stderr } = spawnSync('python3', [MAKER, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.each(names)('%s', (name) => {
  it.each(vectorsOf(name))('$title', ({ subject, secrets, body, headers }) => {
    const profile = profileOf(name);
    const rendered = renderBody(profile, subject, matchesPattern);
    expect(rendered).toBe(body);
    const sent = lowerCased(renderHeaders(profile, subject, Buffer.from(rendered), secrets));
    const ownAgent = { 'user-agent': expect.stringMatching(/^Waybill\/\d+\.\d+\.\d+$/) };
    expect(sent).toEqual({ ...ownAgent, ...lowerCased(headers) });
  });

  it('each secret and each byte of the body makes another signature', () => {
    const profile = profileOf(name);
    const [vector] = vectorsOf(name);
    if (!vector) throw new Error('no vector');
    const signed = (body: string, secret: string | undefined) =>
      renderHeaders(profile, vector.subject, Buffer.from(body), [secret ?? '']);
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const rendered = signed(vector.body, vector.secrets[0]);
    expect(signed(vector.body, vector.secrets[0])).toEqual(rendered);
    expect(signed(vector.body, other)).not.toEqual(rendered);
    expect(signed(`${vector.body} `, vector.secrets[0])).not.toEqual(rendered);
  });
});

describe('what profiles say beside the request', () => {
  const plain = { httpsOnly: false, success: '2xx', retry: undefined };

  it.each([
    ['scrollengine', { ...plain, retry: { schedule: [60, 300, 1800] } }],
    ['shopctrl', { ...plain, retry: { schedule: [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360] } }],
    ['nshift', { ...plain, httpsOnly: true }],
    ['scurri', { ...plain, success: [200] }],
    ['standard-webhooks', plain],
    ['velourcity', plain],
    ['stripe', plain],
    ['github', plain],
    ['shopify', plain],
  ])('%s: https, success and retries are as its page says', (name, said) => {
    const { httpsOnly, success, retry } = profileOf(name);
    expect({ httpsOnly, success, retry }).toEqual(said);
  });
});

describe('the guide', () => {
  const guide = readFileSync(new URL('../../docs/guides/profiles.md', import.meta.url), 'utf8');

  it('shows what its example sends', () => {
    const [, text = '', request = ''] = /```json\n(.*?)```.*?```\n(.*?)```/s.exec(guide) ?? [];
    const [head = '', body] = request.trimEnd().split('\n\n');
    const subject: Subject = {
      event: {
        id: 'evt_0195f1a2b3c47d5e8f60718293a4b5c6',
        type: 'order.created',
        occurredAt: '2026-03-13T14:30:00.000Z',
        subject: null,
        channel: null,
        version: null,
        data: '{"id": 7, "rows": [{}, {}]}',
      },
      delivery: { id: 'dlv_0195f1a2b3c47d5e8f60718293a4b5c7' },
      attempt: { number: 1, timestampSeconds: 1_773_412_205 },
      webhook: { id: 'wh_0195f1a2b3c47d5e8f60718293a4b5c8' },
    };
    const acme = parseProfile(text, 'docs/guides/profiles.md');
    const rendered = renderBody(acme, subject, matchesPattern);
    expect(rendered).toBe(body);
    const headers = Object.fromEntries(head.split('\n').map((line) => line.split(': ')));
    expect(renderHeaders(acme, subject, Buffer.from(rendered), ['a-shared-secret'])).toEqual(headers);
  });

  it('names every profile there is', () => {
    const rows = [...guide.matchAll(/^\| `([a-z-]+)` \| .* \| .* \| .*\|$/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...names].sort());
  });
});
