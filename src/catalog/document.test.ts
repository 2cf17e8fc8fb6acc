import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkPreset } from './check.ts';
import { documentFromText, locate, type PresetDocument, readPresetDocument } from './document.ts';
import type { Flaw } from './flaws.ts';

const BARE = { name: 'acme', title: 'Acme', description: 'Deliveries.' };

/** A folder with these files, gone when the test has ended; what isn't text is written as JSON. */
function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-preset-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function documentAt(path: string): PresetDocument {
  const document = readPresetDocument(path);
  if (Array.isArray(document)) throw new Error(JSON.stringify(document));
  return document;
}

/** What makes a path unreadable. */
function flawAt(path: string): Flaw {
  const flaws = readPresetDocument(path);
  if (!Array.isArray(flaws)) throw new Error('it was read');
  expect(flaws).toHaveLength(1);
  return flaws[0] as Flaw;
}

function checkAt(path: string): readonly Flaw[] {
  const outcome = checkPreset(documentAt(path), { builtIn: false, hasProfile: () => false });
  return 'flaws' in outcome ? outcome.flaws : [];
}

describe('a preset in one file', () => {
  it('is read as it is', () => {
    const path = join(folderWith({ 'acme.json': { ...BARE, eventTypes: [{ name: 'a' }] } }), 'acme.json');
    expect(documentAt(path)).toEqual({
      file: path,
      value: { ...BARE, eventTypes: [{ name: 'a' }] },
      origins: new Map(),
    });
  });

  it('may begin with a byte order mark, which is text anywhere else', () => {
    const path = join(folderWith({ 'acme.json': `\ufeff${JSON.stringify(BARE)}` }), 'acme.json');
    expect(documentAt(path).value).toEqual(BARE);
    expect(documentFromText(`\ufeff{"title": "\ufeffA"}`, 'x')).toMatchObject({
      value: { title: '\ufeffA' },
    });
    expect(documentFromText('\ufeff\ufeff{}', 'x')).toMatchObject([{ file: 'x' }]);
  });

  it.each([
    ['that ends too soon', '{"name": "acme",', /^is not JSON: .+/],
    ['with a comment', '{} // Acme', /^is not JSON: .+ position 3/],
    ['without anything', '', /^is not JSON: .+/],
    [
      'of more than 2 Mi characters',
      `{"title": "${'x'.repeat(2 * 1024 * 1024)}"}`,
      /^is longer than 2097152 characters$/,
    ],
  ])('%s is told by the name of the file', (_what, text, message) => {
    const path = join(folderWith({ 'acme.json': text }), 'acme.json');
    expect(flawAt(path)).toEqual({ file: path, path: '', message: expect.stringMatching(message) });
  });

  it("that isn't there is told by its name", () => {
    const path = join(folderWith({}), 'acme.json');
    expect(flawAt(path)).toEqual({
      file: path,
      path: '',
      message: expect.stringMatching(/^cannot be read: ENOENT/),
    });
  });
});

describe('a preset in a folder', () => {
  it('is its preset.json, followed by the event types of the other files in the order of their names', () => {
    const folder = folderWith({
      'preset.json': { ...BARE, eventTypes: [{ name: 'a' }] },
      'event-types/returns.json': [{ name: 'd' }],
      'event-types/orders.json': [{ name: 'b' }, { name: 'c' }],
      'event-types/README.md': 'not JSON',
      'event-types/empty.json': [],
    });
    const { file, value, origins } = documentAt(folder);
    expect(file).toBe(join(folder, 'preset.json'));
    expect(value).toEqual({ ...BARE, eventTypes: ['a', 'b', 'c', 'd'].map((name) => ({ name })) });
    expect([...origins]).toEqual([
      [1, { file: join(folder, 'event-types', 'orders.json'), index: 0 }],
      [2, { file: join(folder, 'event-types', 'orders.json'), index: 1 }],
      [3, { file: join(folder, 'event-types', 'returns.json'), index: 0 }],
    ]);
    expect(checkAt(folder)).toEqual([]);
  });

  it('needs no other files, nor event types in preset.json', () => {
    expect(documentAt(folderWith({ 'preset.json': BARE })).value).toEqual(BARE);
    const folder = folderWith({ 'preset.json': BARE, 'event-types/a.json': [{ name: 'a' }] });
    expect(documentAt(folder).value).toEqual({ ...BARE, eventTypes: [{ name: 'a' }] });
  });

  it('without preset.json cannot be read', () => {
    const folder = folderWith({ 'event-types/a.json': [] });
    const message = expect.stringMatching(/^cannot be read: ENOENT/);
    expect(flawAt(folder)).toEqual({ file: join(folder, 'preset.json'), path: '', message });
  });

  it.each([
    ['an object', '{"name": "b"}', 'must be a list of event types'],
    ['a text', '"b"', 'must be a list of event types'],
    ['nothing', 'null', 'must be a list of event types'],
    ['no JSON', '[{]', expect.stringMatching(/^is not JSON: /)],
    ['more than 2 Mi characters', `[${' '.repeat(2 * 1024 * 1024)}]`, 'is longer than 2097152 characters'],
  ])('is refused for a file of event types that is %s', (_what, text, message) => {
    const folder = folderWith({
      'preset.json': BARE,
      'event-types/a.json': [{ name: 'a' }],
      'event-types/b.json': text,
    });
    expect(flawAt(folder)).toEqual({ file: join(folder, 'event-types', 'b.json'), path: '', message });
  });

  it('may have a byte order mark in each file', () => {
    const folder = folderWith({
      'preset.json': `\ufeff${JSON.stringify(BARE)}`,
      'event-types/a.json': '\ufeff[{"name":"a"}]',
    });
    expect(documentAt(folder).value).toEqual({ ...BARE, eventTypes: [{ name: 'a' }] });
  });

  it('is told the file and the place in it of each flaw', () => {
    const flawed = { name: 'x', schema: { type: 'object', properties: { id: true } }, payload: ['ID'] };
    const folder = folderWith({
      'preset.json': { ...BARE, payloadVersion: 'v9', eventTypes: [{ ...flawed, name: 'a' }] },
      'event-types/orders.json': [
        { name: 'b', versions: { v1: {} } },
        { ...flawed, name: 'c' },
      ],
      'event-types/returns.json': [{ ...flawed, name: 'd' }],
    });
    const told = checkAt(folder).map(({ file, path }) => [relative(folder, file), path]);
    expect(told).toEqual([
      ['preset.json', 'payloadVersion'],
      ['preset.json', 'eventTypes[0].payload[0]'],
      [join('event-types', 'orders.json'), '[1].payload[0]'],
      [join('event-types', 'returns.json'), '[0].payload[0]'],
    ]);
  });

  it('is told of two types of one name where the second one stands', () => {
    const folder = folderWith({
      'preset.json': BARE,
      'event-types/orders.json': [{ name: 'a' }, { name: 'b' }],
      'event-types/returns.json': [{ name: 'c' }, { name: 'b' }],
    });
    const message = expect.stringMatching(/^b is there already/);
    expect(checkAt(folder)).toEqual([
      { file: join(folder, 'event-types', 'returns.json'), path: '[1].name', message },
    ]);
  });

  it('is told of a flaw in the form of an event type where that stands', () => {
    const folder = folderWith({
      'preset.json': BARE,
      'event-types/a.json': [{ name: 'a' }, { name: 'b', smaple: 1 }],
    });
    expect(checkAt(folder)).toEqual([
      { file: join(folder, 'event-types', 'a.json'), path: '[1].smaple', message: 'is not a known field' },
    ]);
  });
});

describe('the place of a complaint', () => {
  const origins = new Map([[3, { file: 'orders.json', index: 1 }]]);
  const place = (...path: readonly PropertyKey[]) => {
    const [flaw] = locate({ file: 'preset.json', value: {}, origins }, [{ path, message: 'is odd' }]);
    return [flaw?.file, flaw?.path];
  };

  it.each([
    [['title'], 'preset.json', 'title'],
    [[], 'preset.json', ''],
    [['eventTypes'], 'preset.json', 'eventTypes'],
    [['eventTypes', 2, 'name'], 'preset.json', 'eventTypes[2].name'],
    [['eventTypes', 3, 'name'], 'orders.json', '[1].name'],
    [['eventTypes', 3], 'orders.json', '[1]'],
    [['profile', 3, 'name'], 'preset.json', 'profile[3].name'],
    [['profile', 'headers', 'X-A', 'a b'], 'preset.json', 'profile.headers.X-A["a b"]'],
  ])('%j is in %s at %j', (path, file, where) => {
    expect(place(...path)).toEqual([file, where]);
  });
});
