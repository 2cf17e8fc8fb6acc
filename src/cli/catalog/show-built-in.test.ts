import { expect, it } from 'vitest';
import { builtInPresets } from '../../catalog/built-in.ts';
import { fieldRows } from './schema-fields.ts';
import { eventTypeJson } from './show-event-type.ts';
import { presetJson } from './show-preset.ts';

const PRESETS = [...builtInPresets().values()];

it('every preset that comes along can be shown', () => {
  for (const preset of PRESETS) {
    const shown = presetJson(preset);
    expect(shown).toMatchObject({ name: preset.name, eventTypes: [...preset.eventTypes.keys()] });
    expect(
      shown.profile.signatures.every(({ content }: { content: unknown }) => typeof content === 'string'),
    ).toBe(true);
  }
});

it('every event type that comes along can be shown, with a row for each field and the body of its sample', () => {
  let shown = 0;
  for (const preset of PRESETS) {
    for (const type of preset.eventTypes.values()) {
      const json = eventTypeJson({ preset, type, version: null });
      expect(json.name).toBe(type.name);
      expect(fieldRows(json.payloadSchema).every(([name, kind]) => name !== '' && kind !== '')).toBe(true);
      if (type.sample !== undefined) expect(json.body).toBeTypeOf('object');
      shown += 1;
    }
  }
  expect(shown).toBeGreaterThan(0);
});
