import { describe, expect, it } from 'vitest';
import { checkPreset } from './check.ts';
import { documentFromText } from './document.ts';
import { createPreset, payloadVersionsOf } from './preset.ts';
import { presetFileSchema } from './preset-file.ts';

const BARE = { name: 'acme', title: 'Acme', description: 'Deliveries.' };

function flawsOf(more: object): string[] {
  const document = documentFromText(JSON.stringify({ ...BARE, ...more }), 'acme.json');
  if (Array.isArray(document)) throw new Error('It is no JSON.');
  const outcome = checkPreset(document, { builtIn: false, hasProfile: () => false });
  return 'flaws' in outcome ? outcome.flaws.map(({ path, message }) => `${path}: ${message}`) : [];
}

const withType = (more: object) => ({ eventTypes: [{ name: 'a', ...more }] });

describe('texts of a preset', () => {
  it.each([
    [{ title: 'Ac\0me' }, 'title'],
    [{ title: 'Ac\nme' }, 'title'],
    [{ description: 'Bell\u0007' }, 'description'],
    [withType({ group: 'a\tb' }), 'eventTypes[0].group'],
    [withType({ title: 'a\u007fb' }), 'eventTypes[0].title'],
    [withType({ description: 'a\0' }), 'eventTypes[0].description'],
  ])('%j holds a control character', (more, path) => {
    expect(flawsOf(more)).toEqual([`${path}: contains a control character`]);
  });

  it('may have several lines where they are read as such', () => {
    const description = 'One line.\n\n\tAnother.\r\n';
    expect(flawsOf({ description, ...withType({ description }) })).toEqual([]);
  });
});

describe('a sample', () => {
  it.each([['a\0b'], [{ 'a\0b': 1 }], [[{ a: ['\ud800'] }]]])('%j holds what no event can have', (sample) => {
    expect(flawsOf(withType({ sample }))).toEqual([
      'eventTypes[0].sample: contains a NUL character or a lone surrogate, which no event can have',
    ]);
  });
});

describe('versions of payloads', () => {
  it('are told the newest last, in whatever order they are met', () => {
    const versions = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));
    const file = {
      ...BARE,
      eventTypes: [
        { name: 'a', versions: versions('2025.1', '2024.10') },
        { name: 'b', versions: versions('2024.2', '2025.1', '9') },
      ],
    };
    const preset = createPreset(presetFileSchema.parse(file), file, false);
    expect(payloadVersionsOf(preset)).toEqual(['9', '2024.2', '2024.10', '2025.1']);
  });
});
