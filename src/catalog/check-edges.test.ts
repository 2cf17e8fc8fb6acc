import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SIGNATURE } from '../../test/support/profiles.ts';
import { checkPreset } from './check.ts';
import { documentFromText, readPresetDocument } from './document.ts';

const BARE = { name: 'acme', title: 'Acme', description: 'Deliveries.' };
const flawsOf = (value: unknown) => {
  const document = documentFromText(JSON.stringify(value), 'acme.json');
  const outcome = Array.isArray(document)
    ? { flaws: document }
    : checkPreset(document, { builtIn: false, hasProfile: () => false });
  return 'flaws' in outcome ? outcome.flaws.map(({ path, message }) => [path, message]) : [];
};
const withType = (more: object) => ({ ...BARE, eventTypes: [{ name: 'a', ...more }] });

it.each([true, false])('a schema may be %j', (schema) => {
  expect(flawsOf(withType({ schema }))).toEqual([]);
  expect(flawsOf(withType({ versions: { v1: { schema } } }))).toEqual([]);
});

it('a definition that is wrong is told once, under its own name', () => {
  const $defs = { Good: { type: 'string' }, Bad: { type: 'strin' } };
  expect(flawsOf({ ...BARE, $defs }).map(([path]) => path)).toEqual(['$defs.Bad']);
});

it('a field of a payload is told at its place as it is written', () => {
  const schema = { properties: { items: { items: { properties: { sku: {} } } } } };
  const each = [{ name: 'items', each: ['sku', 'qty'] }];
  const path = (payload: unknown) => flawsOf(withType({ schema, payload }))[0]?.[0];
  expect(path(each)).toBe('eventTypes[0].payload[0].each[1]');
  expect(path({ absent: 'omit', fields: each })).toBe('eventTypes[0].payload.fields[0].each[1]');
});

it('event types of preset.json that are no list are refused, in a folder too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'defect-'));
  mkdirSync(join(folder, 'event-types'));
  writeFileSync(join(folder, 'preset.json'), JSON.stringify({ ...BARE, eventTypes: { name: 'a' } }));
  writeFileSync(join(folder, 'event-types', 'b.json'), '[{"name":"b"}]');
  const document = readPresetDocument(folder);
  const outcome = Array.isArray(document)
    ? { flaws: document }
    : checkPreset(document, { builtIn: false, hasProfile: () => false });
  expect(outcome).toMatchObject({ flaws: [{ path: 'eventTypes' }] });
});

it('a file nested deeper than JSON of the API may be is refused, not a crash', () => {
  const document = documentFromText(`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'acme.json');
  const judge = () =>
    Array.isArray(document) ? undefined : checkPreset(document, { builtIn: false, hasProfile: () => false });
  expect(judge).not.toThrow();
});

it('a file that is not UTF-8 is refused', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'defect-')), 'acme.json');
  writeFileSync(file, Buffer.from(JSON.stringify({ ...BARE, title: 'Åkeri' }), 'latin1'));
  expect(readPresetDocument(file)).toMatchObject([{ file }]);
});

describe('a wire format whose bodies could have a member twice is refused', () => {
  const profileOf = (body: unknown) => flawsOf({ ...BARE, profile: { body, signatures: [] } });

  it('by two spreads', () => {
    const body = [{ spread: 'event.data' }, { spread: 'event.payload' }];
    expect(profileOf(body)).toEqual([['profile.body', 'spreads twice: members could be there twice']]);
  });

  it('by a member named data beside a spread, which calls data what has no members', () => {
    const body = [{ name: 'data', value: 'event.id' }, { spread: 'event.data' }];
    expect(profileOf(body)).toMatchObject([['profile.body', expect.stringContaining('a member data')]]);
  });
});

describe('a wire format must sign what it sends', () => {
  const signaturesOf = (...signatures: object[]) =>
    flawsOf({ ...BARE, profile: { body: 'event.data', signatures } }).map(([path]) => path);

  it.each<[string, object[], string[]]>([
    ['with a signature', [], ['profile.signatures']],
    ['over the body', [{ ...SIGNATURE, content: '{event.id}' }], ['profile.signatures[0].content']],
    [
      'and send each signature, with every one it has',
      [SIGNATURE, { ...SIGNATURE, header: 'X-2', each: 'v1', value: 't={attempt.timestamp}' }],
      ['profile.signatures[1].each', 'profile.signatures[1].value'],
    ],
  ])('%s', (_what, signatures, paths) => {
    expect(signaturesOf(...signatures)).toEqual(paths);
    expect(signaturesOf(SIGNATURE)).toEqual([]);
  });
});

it('a member that is there twice is refused, with where it is', () => {
  const text =
    '{"name":"acme","title":"A","description":"A","eventTypes":[{"name":"a","title":"1","title":"2"}]}';
  expect(documentFromText(text, 'acme.json')).toEqual([
    { file: 'acme.json', path: 'eventTypes[0].title', message: 'is there twice' },
  ]);
});
