import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInPresets } from '../../src/catalog/built-in.ts';
import { payloadVersionsOf } from '../../src/catalog/preset.ts';
import { createTestDatabase } from '../support/database.ts';
import { COMPILED, startServe } from '../support/process.ts';
import { startReceiver } from '../support/receiver.ts';
import { PLATFORM_KEY } from '../support/waybill.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PRESETS = [...builtInPresets().values()];

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `waybill catalog` to its end. */
function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { ...COMPILED, PATH: process.env.PATH ?? '', ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'catalog', ...args], { env }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function runJson(...args: readonly string[]) {
  const { stdout, stderr } = await run([...args, '--json']);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-catalog-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Writes a preset to a file of its own. Returns its path. */
async function written(preset: object): Promise<string> {
  const path = join(await newFolder(), 'acme.json');
  await writeFile(path, JSON.stringify(preset));
  return path;
}

const PROFILE = {
  body: [
    { name: 'event', value: 'event.type' },
    { name: 'version', value: { const: 2 } },
    { name: 'lines', value: { count: 'event.data.rows' } },
    { name: 'content', value: 'event.payload' },
  ],
  headers: { 'X-Acme-Id': '{event.id}' },
  signatures: [
    {
      header: 'X-Acme-Signature',
      algorithm: 'hmac-sha256',
      encoding: 'hex',
      key: 'text',
      content: '{attempt.timestamp}.{body}',
      each: 's={signature}',
      secrets: 'first',
    },
  ],
  success: [200, 202],
  retry: { schedule: [60, 7200] },
  failing: { after: 3, actions: ['mark', 'disable'] },
};

const PARCEL_LEFT = {
  name: 'parcel.left',
  group: 'Parcels',
  title: 'Parcel left',
  description: 'A parcel is on its way.',
  schema: {
    type: 'object',
    required: ['id', 'rows'],
    properties: {
      id: { type: 'string', maxLength: 25, description: 'The number on the label.' },
      weight_kg: { type: ['number', 'null'] },
      rows: {
        type: 'array',
        items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] },
      },
    },
  },
  sample: { id: 'P-1', weight_kg: 1.5, rows: [{ sku: 'a' }] },
  versions: {
    '1': { payload: ['id', 'rows'] },
    '2': { payload: ['id', 'weight_kg', { name: 'rows', each: ['sku'] }] },
  },
};

function preset(more: object = {}) {
  return {
    name: 'acme',
    title: 'Acme',
    description: 'Parcels to the door.',
    profile: PROFILE,
    payloadVersion: '1',
    eventTypes: [PARCEL_LEFT, { name: 'parcel.lost', deprecated: true }],
    ...more,
  };
}

describe('catalog list', () => {
  it('has every preset that comes along, with the number of its event types and their versions', async () => {
    const { status, stdout } = await run(['list']);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(PRESETS.map(({ name }) => name).sort());
    for (const { name, title, eventTypes } of PRESETS) {
      expect(stdout).toMatch(new RegExp(`^${name} +${title} +${eventTypes.size}( |$)`, 'm'));
    }
    const views = await runJson('list');
    expect(views).toHaveLength(PRESETS.length);
    for (const one of PRESETS) {
      expect(views).toContainEqual({
        name: one.name,
        title: one.title,
        description: one.description,
        eventTypes: one.eventTypes.size,
        payloadVersion: one.payloadVersion,
        payloadVersions: payloadVersionsOf(one),
      });
    }
  });

  it('has the event types of one preset, group by group', async () => {
    const file = await written(preset());
    const { stdout } = await run(['list', file]);
    expect(stdout.split('\n')).toEqual([
      'Parcels',
      '  parcel.left  Parcel left  1 (usual), 2',
      '',
      'Without a group',
      '  parcel.lost                             deprecated',
      '',
    ]);
    expect(await runJson('list', file)).toMatchObject([
      { name: 'parcel.left', group: 'Parcels', versions: ['1', '2'], deprecated: false },
      { name: 'parcel.lost', group: null, versions: [], deprecated: true },
    ]);
  });

  it('of a preset that is not there is told so, with what it may have meant', async () => {
    const [known] = PRESETS.map(({ name }) => name);
    const { status, stderr } = await run(['list', `${known}x`]);
    expect(status).toBe(1);
    expect(stderr).toContain(`There is no preset, file or folder ${known}x. Did you mean ${known}`);
  });

  it('ends quietly when its reader has read enough', async () => {
    const eventTypes = Array.from({ length: 2_000 }, (_, index) => ({
      name: `a${index}.${'b'.repeat(100)}`,
    }));
    const file = await written(preset({ eventTypes, payloadVersion: undefined }));
    const command = `"${process.execPath}" "${MAIN}" catalog list "${file}" | head -n 1`;
    const ended = await new Promise<Ended>((resolve) => {
      execFile('sh', ['-c', command], (error, stdout, stderr) => {
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
    expect(ended).toEqual({ status: 0, stdout: 'Without a group\n', stderr: '' });
  });
});

describe('catalog show', () => {
  it('tells of an event type what it means, its fields, its sample and its versions', async () => {
    const { stdout } = await run(['show', 'parcel.left', '--preset', await written(preset())]);
    const [before, after] = stdout.split('Sample of the data\n');
    expect(before?.split('\n')).toEqual([
      'parcel.left',
      'Parcel left · Parcels · preset acme (Acme)',
      '',
      'A parcel is on its way.',
      '',
      'Data, as it is published',
      '  id         string, required, maxLength 25  The number on the label.',
      '  weight_kg  number or null',
      '  rows       array of object, required',
      '    sku      string, required',
      '',
      'Payload, as it is sent in version 1',
      '  id     string, required, maxLength 25  The number on the label.',
      '  rows   array of object, required',
      '    sku  string, required',
      '',
      '',
    ]);
    const [sample, versions] = after?.split('\n\nVersions of the payload\n') ?? [];
    expect(JSON.parse(sample ?? '')).toEqual(PARCEL_LEFT.sample);
    expect(versions).toBe('  1 (usual), 2\n');
  });

  it('tells what is sent of it in a version', async () => {
    const file = await written(preset());
    const { stdout } = await run(['show', 'parcel.left', '--preset', file, '--version', '2']);
    expect(stdout).not.toContain('as it is published');
    expect(stdout).toContain('Payload, as it is sent in version 2\n');
    expect(stdout).toContain('  weight_kg  number or null, required\n');
    const body = stdout.split("Sample of a request's body in version 2\n")[1]?.split('\n\nVersions')[0] ?? '';
    expect(JSON.parse(body)).toEqual({
      event: 'parcel.left',
      version: 2,
      lines: 1,
      content: PARCEL_LEFT.sample,
    });

    const odd = await run(['show', 'parcel.left', '--preset', file, '--version', '3']);
    expect(odd).toMatchObject({ status: 1, stdout: '' });
    expect(odd.stderr).toBe('waybill: parcel.left has no payload version 3. It has 1, 2.\n');
  });

  it('tells programs the same', async () => {
    const args = ['show', 'parcel.left', '--preset', await written(preset())];
    expect(await runJson(...args)).toMatchObject([
      {
        preset: 'acme',
        name: 'parcel.left',
        schema: PARCEL_LEFT.schema,
        sample: PARCEL_LEFT.sample,
        versions: ['1', '2'],
        version: '1',
        payloadSchema: { required: ['id', 'rows'] },
        body: { event: 'parcel.left', content: { id: 'P-1' } },
      },
    ]);
  });

  it('shows an event type in every preset that has it, unless one is named', async () => {
    const names = PRESETS.flatMap(({ eventTypes }) => [...eventTypes.keys()]);
    const shared = names.find((name, index) => names.indexOf(name) !== index) ?? '';
    const having = PRESETS.filter(({ eventTypes }) => eventTypes.has(shared));
    expect(having.length).toBeGreaterThan(1);
    const { stdout } = await run(['show', shared]);
    expect([...stdout.matchAll(/ · preset (\S+) \(/g)].map(([, name]) => name)).toEqual(
      having.map(({ name }) => name),
    );
    const one = await run(['show', shared, '--preset', having[1]?.name ?? '']);
    expect([...one.stdout.matchAll(/ · preset (\S+) \(/g)].map(([, name]) => name)).toEqual([
      having[1]?.name,
    ]);
  });

  it('suggests what may have been meant by a name that is not there', async () => {
    const file = await written(preset());
    const { status, stderr } = await run(['show', 'parcel.lft', '--preset', file]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      'waybill: There is no event type in acme named parcel.lft. Did you mean parcel.left or parcel.lost?\n',
    );
    expect((await run(['show', 'xyzzy'])).stderr).toBe(
      'waybill: There is no event type or preset named xyzzy.\n',
    );
  });

  it('tells of a preset its wire format in words', async () => {
    const { stdout } = await run(['show', await written(preset())]);
    for (const line of [
      'acme: Acme',
      'Parcels to the door.',
      "  event    the event's type",
      '  version  2',
      '  lines    how many items event.data.rows has',
      '  content  the payload, made of the data',
      '  X-Acme-Id     {event.id}',
      'Signature in X-Acme-Signature',
      '  each signature  s={signature}',
      '  made by         hmac-sha256 in hex, of {attempt.timestamp}.{body}',
      '  key             the secret as it is, in UTF-8',
      '  secrets         the newest one signs',
      '  success  the status 200 or 202',
      '  retries  after 1 min, 2 h',
      '  failing  when 3 deliveries in a row are given up: the webhook is marked as failing, the webhook is disabled',
      '  event types        2 event types',
      '  payload versions   1 (usual), 2',
    ]) {
      expect(stdout.split('\n')).toContain(line);
    }
  });

  it('tells programs of a preset its profile as it is written', async () => {
    const shown = await runJson('show', await written(preset()));
    expect(shown).toMatchObject({
      name: 'acme',
      payloadVersions: ['1', '2'],
      eventTypes: ['parcel.left', 'parcel.lost'],
    });
    expect(shown.profile).toMatchObject({
      ...PROFILE,
      signatures: [{ ...PROFILE.signatures[0], value: '{signatures}' }],
    });
  });
});

describe('catalog check', () => {
  it('tells of good presets what is in them', async () => {
    const file = await written(preset());
    const shared = await written(
      preset({ profile: PRESETS.find(({ profile }) => typeof profile === 'object')?.name }),
    );
    const plain = await written(
      preset({ profile: undefined, eventTypes: [{ name: 'a' }], payloadVersion: undefined }),
    );
    const { status, stdout, stderr } = await run(['check', file, shared, plain]);
    expect(stdout.split('\n')).toEqual([
      `${file}: good: 2 event types, profile of its own`,
      expect.stringMatching(/^\S+: good: 2 event types, the profile of \S+$/),
      `${plain}: good: 1 event type, the default profile`,
      '',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('tells each flaw with its file and place, and goes on to the next preset', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'event-types'));
    const types = join(folder, 'event-types', 'parcels.json');
    await writeFile(join(folder, 'preset.json'), JSON.stringify({ ...preset(), title: '', colour: 1 }));
    await writeFile(types, JSON.stringify([{ name: 'fine' }, { name: 'not fine' }]));
    const good = await written(preset());
    const missing = join(folder, 'missing.json');
    const { status, stdout, stderr } = await run(['check', folder, missing, good]);
    expect(status).toBe(1);
    expect(stdout).toBe(`${good}: good: 2 event types, profile of its own\n`);
    const lines = stderr.trimEnd().split('\n');
    const startsWith = (start: string) => lines.filter((line) => line.startsWith(start)).length;
    expect(startsWith(`${join(folder, 'preset.json')}: title: `)).toBe(1);
    expect(startsWith(`${join(folder, 'preset.json')}: colour: is not a known field`)).toBe(1);
    expect(startsWith(`${types}: [1].name: must be words`)).toBe(1);
    expect(startsWith(`${missing}: cannot be read`)).toBe(1);
    expect(lines).toHaveLength(4);
  });
});

describe('catalog check of what a server would refuse', () => {
  it('tells of a name that comes along, and of a profile that nobody has', async () => {
    const taken = await written(preset({ name: PRESETS[0]?.name }));
    const lonely = await written(preset({ profile: 'nobody' }));
    const { status, stdout, stderr } = await run(['check', taken, lonely]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${taken}: name: ${PRESETS[0]?.name} comes along with Waybill: give your own another name`,
      `${lonely}: profile: there is no profile nobody`,
    ]);
  });

  it('takes a profile that another of the presets has', async () => {
    const sharing = await written(preset({ name: 'sharing', profile: 'acme' }));
    const { status, stdout } = await run(['check', sharing, await written(preset({ name: 'acme' }))]);
    expect(status).toBe(0);
    expect(stdout).toContain('good: 2 event types, the profile of acme');
  });
});

describe('catalog diff', () => {
  it('exits with 1 if something breaks receivers, and tells what', async () => {
    const old = await written(preset());
    const next = await written(
      preset({ profile: { ...PROFILE, headers: {}, httpsOnly: false }, payloadVersion: '2' }),
    );
    const { status, stdout, stderr } = await run(['diff', old, next]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '1 difference may break receivers:',
      '  header X-Acme-Id  is gone',
      '',
      "1 difference they needn't notice:",
      '  parcel.left: content.weight_kg  is new',
      '',
    ]);
    expect(await runJson('diff', old, next)).toEqual({
      old: { preset: 'acme', version: null },
      new: { preset: 'acme', version: null },
      breaking: true,
      findings: [
        { path: 'header X-Acme-Id', change: 'gone', from: '{event.id}', breaking: true, message: 'is gone' },
        {
          path: 'parcel.left: content.weight_kg',
          change: 'new',
          to: { type: 'number or null', required: true },
          breaking: false,
          message: 'is new',
        },
      ],
    });
  });

  it('exits with 0 if nothing does, be there differences or none', async () => {
    const file = await written(preset());
    expect(await run(['diff', file, file])).toEqual({
      status: 0,
      stdout: 'There is no difference.\n',
      stderr: '',
    });
    const more = await written(preset({ eventTypes: [...preset().eventTypes, { name: 'parcel.found' }] }));
    const { status, stdout } = await run(['diff', file, more]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Nothing breaks receivers. 1 difference:\n  parcel.found  is a new event type\n',
    });
  });

  it('compares versions of payloads', async () => {
    const file = await written(preset());
    const back = await run(['diff', `${file}@2`, `${file}@1`]);
    expect(back.status).toBe(1);
    expect(back.stdout).toContain('parcel.left: content.weight_kg  is gone\n');
    expect(await run(['diff', `${file}@1`, `${file}@2`])).toMatchObject({ status: 0 });
    expect(await run(['diff', `${file}@1`, `${file}@3`])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'waybill: The payloads of acme have no version 3: they have 1, 2.\n',
    });
  });

  it('compares presets that come along, none of which differs from itself', async () => {
    const [one, other] = PRESETS.filter(({ profile }) => typeof profile === 'object');
    const same = await run(['diff', one?.name ?? '', one?.name ?? '']);
    expect(same).toEqual({ status: 0, stdout: 'There is no difference.\n', stderr: '' });
    expect((await run(['diff', one?.name ?? '', other?.name ?? ''])).stderr).toBe('');
  });

  it('says in its help what the exit status means', async () => {
    const { stdout } = await run(['diff', '--help']);
    expect(stdout).toContain('The exit status is 0 if nothing breaks, and 1 if something does.');
  });
});

describe('catalog import', () => {
  it('brings presets in: one that comes along, a file, and a folder', async () => {
    const { url, api } = await startServe(await createTestDatabase('postgres'));
    const environment = { WAYBILL_API_KEY: PLATFORM_KEY };
    const [known] = PRESETS.filter(({ eventTypes }) => eventTypes.size > 1);
    const builtIn = await run(['import', known?.name ?? '', '--url', url], environment);
    expect(builtIn.stderr).toBe('');
    expect(builtIn.stdout).toContain(`Imported ${known?.name}: ${known?.eventTypes.size} event types`);

    const file = await run(['import', await written(preset()), '--url', url, '--key', PLATFORM_KEY]);
    expect(file).toEqual({
      status: 0,
      stdout: 'Imported acme: 2 event types, profile of its own.\n',
      stderr: '',
    });

    const folder = await newFolder();
    await mkdir(join(folder, 'event-types'));
    await writeFile(join(folder, 'preset.json'), JSON.stringify(preset({ profile: undefined })));
    await writeFile(join(folder, 'event-types', 'more.json'), JSON.stringify([{ name: 'parcel.found' }]));
    const whole = await run(['import', folder, '--url', url], environment);
    expect(whole).toEqual({ status: 0, stdout: 'Imported acme: 3 event types.\n', stderr: '' });

    const shown = (await api.get('/v1/catalogs/acme')).body;
    expect(shown.types.map(({ name }: { name: string }) => name)).toEqual([
      'parcel.left',
      'parcel.lost',
      'parcel.found',
    ]);
    const names = (await api.get('/v1/catalogs')).body.data.filter(
      ({ imported }: { imported: boolean }) => imported,
    );
    expect(names.map(({ name }: { name: string }) => name).sort()).toEqual(['acme', known?.name].sort());
  });

  it('that the server refuses changes nothing there, and is told in its words', async () => {
    const { url, api } = await startServe(await createTestDatabase('postgres'));
    const environment = { WAYBILL_API_KEY: PLATFORM_KEY };
    const taken = PRESETS[0]?.name ?? '';
    const refused = await run(['import', await written(preset({ name: taken })), '--url', url], environment);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^waybill: Conflict: .* \(preset_built_in\)\n$/);
    const wrongKey = await run(['import', taken, '--url', url, '--key', 'wrong-key-0123456789']);
    expect(wrongKey).toMatchObject({ status: 1, stdout: '' });
    expect(wrongKey.stderr).toMatch(/^waybill: Unauthorized: /);
    const { data } = (await api.get('/v1/catalogs')).body;
    expect(data.filter(({ imported }: { imported: boolean }) => imported)).toEqual([]);
  });

  it('tells every flaw the server has found', async () => {
    const errors = [
      { path: 'eventTypes[1].schema', code: 'invalid', message: 'is not a JSON Schema' },
      { path: '', code: 'invalid', message: 'is too long' },
    ];
    const body = JSON.stringify({
      title: 'Bad Request',
      detail: 'See below.',
      code: 'preset_invalid',
      errors,
    });
    const server = await startReceiver({ status: 400, body });
    onTestFinished(() => server.close());
    const refused = await run(['import', await written(preset()), '--url', server.url, '--key', 'a-key']);
    expect(refused).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'waybill: Bad Request: See below. (preset_invalid)\neventTypes[1].schema: is not a JSON Schema\nis too long\n',
    });
  });

  it('asks no server for what is flawed, is not there, or has no key', async () => {
    const server = await startReceiver();
    onTestFinished(() => server.close());
    const to = ['--url', server.url];
    const flawedFile = await written(preset({ title: 7 }));
    const flawed = await run(['import', flawedFile, ...to, '--key', 'a-key']);
    expect(flawed).toMatchObject({ status: 1, stdout: '' });
    expect(flawed.stderr).toBe(
      `waybill: ${flawedFile} is not a good preset:\n${flawedFile}: title: must be string, not number\n`,
    );
    expect((await run(['import', 'xyzzy', ...to, '--key', 'a-key'])).stderr).toContain(
      'no preset, file or folder xyzzy',
    );
    const keyless = await run(['import', await written(preset()), ...to]);
    expect(keyless).toMatchObject({ status: 2, stdout: '' });
    expect(keyless.stderr).toContain('no API key');
    expect(server.requests).toEqual([]);
  });
});
