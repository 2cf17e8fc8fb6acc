import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/catalog/built-in.ts';
import { renderBody, renderHeaders } from '../../src/profile/engine.ts';
import { payloadVersionOf, secretKindOf } from '../../src/profile/profile.ts';
import { generateSecret } from '../../src/profile/secret.ts';
import type { Subject } from '../../src/profile/subject.ts';
import { builtInProfile, plainProfile } from '../support/profiles.ts';

interface Vector {
  readonly title: string;
  /** Of payloads, as the webhook pins it. */
  readonly version?: string;
  readonly subject: Subject;
  readonly secrets: readonly string[];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const VECTORS = new URL('profile-vectors/', import.meta.url);
const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const hasPython = runs('python3', '--version');
const hasEd25519 =
  hasPython && /OpenSSL 3/.test(spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '');

const names = [...builtInPresets().keys()];

function vectorsOf(name: string): Vector[] {
  return JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), 'utf8'));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

describe('the profiles that come along', () => {
  it('each have vectors, and there are none of a profile that is gone', () => {
    const files = readdirSync(VECTORS).filter((file) => file.endsWith('.json'));
    expect(files.sort()).toEqual(names.map((name) => `${name}.json`).sort());
    for (const name of names) expect(vectorsOf(name).length, name).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['make-vectors.py', hasPython],
    ['make-ed25519-vectors.py', hasEd25519],
  ])('the vectors are what %s beside them makes', (maker, can) => {
    if (!can) return;
    const path = fileURLToPath(new URL(maker, VECTORS));
    const { status, stderr } = spawnSync('python3', [path, '--check'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.each(names)('%s', (name) => {
  it.each(vectorsOf(name))('$title', ({ subject, version, secrets, body, headers }) => {
    const profile = builtInProfile(name, version ?? null);
    const { type, version: published } = subject.event;
    expect(payloadVersionOf(profile, type, published)).toBe(subject.payloadVersion);
    const rendered = renderBody(profile, subject);
    expect(rendered).toBe(body);
    const sent = lowerCased(renderHeaders(profile, subject, Buffer.from(rendered), secrets));
    const ownAgent = { 'user-agent': expect.stringMatching(/^Waybill\/\d+\.\d+\.\d+$/) };
    expect(sent).toEqual({ ...ownAgent, ...lowerCased(headers) });
  });

  it('each secret and each byte of the body makes another signature', () => {
    const profile = builtInProfile(name);
    const [vector] = vectorsOf(name);
    if (!vector) throw new Error('no vector');
    const signed = (body: string, secret: string | undefined) =>
      renderHeaders(profile, vector.subject, Buffer.from(body), [secret ?? '']);
    const other = generateSecret(secretKindOf(profile));
    const rendered = signed(vector.body, vector.secrets[0]);
    expect(signed(vector.body, vector.secrets[0])).toEqual(rendered);
    expect(signed(vector.body, other)).not.toEqual(rendered);
    expect(signed(`${vector.body} `, vector.secrets[0])).not.toEqual(rendered);
  });
});

describe('what profiles say beside the request', () => {
  const plain = {
    httpsOnly: false,
    success: '2xx',
    retry: undefined,
    failing: { after: 1, actions: ['mark', 'alert'] },
  };

  it.each([
    ['scrollengine', { ...plain, retry: { schedule: [60, 300, 1800] } }],
    [
      'shopctrl',
      {
        ...plain,
        retry: { schedule: [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360] },
        failing: { after: 1, actions: ['alert'] },
      },
    ],
    ['nshift', { ...plain, httpsOnly: true }],
    ['scurri', { ...plain, success: [200] }],
    ['standard-webhooks', plain],
    ['standard-webhooks-v1a', plain],
    ['velourcity', plain],
    ['stripe', plain],
    ['github', plain],
    ['shopify', plain],
  ])('%s: https, success, retries and what follows them are as its page says', (name, said) => {
    const { httpsOnly, success, retry, failing } = builtInProfile(name);
    expect({ httpsOnly, success, retry, failing }).toEqual(said);
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
      payloadVersion: null,
      delivery: { id: 'dlv_0195f1a2b3c47d5e8f60718293a4b5c7' },
      attempt: { number: 1, timestampSeconds: 1_773_412_205 },
      webhook: { id: 'wh_0195f1a2b3c47d5e8f60718293a4b5c8' },
    };
    const acme = plainProfile(JSON.parse(text));
    const rendered = renderBody(acme, subject);
    expect(rendered).toBe(body);
    const headers = Object.fromEntries(head.split('\n').map((line) => line.split(': ')));
    expect(renderHeaders(acme, subject, Buffer.from(rendered), ['a-shared-secret'])).toEqual(headers);
  });

  it('names every profile there is', () => {
    const rows = [...guide.matchAll(/^\| `([a-z0-9-]+)` \| .* \| .* \| .*\|$/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...names].sort());
  });
});
