import { defaultHighlightStyle } from '@codemirror/language';
import { describe, expect, it } from 'vitest';
import { cssVariables, theme } from '../theme.ts';
import { COLOURS, templateColours } from './template-colours.ts';

const SMALL_TEXT = 4.5;
const panel = (scheme: 'light' | 'dark') => cssVariables(theme as never)[scheme]['--wb-panel'] as string;

describe('the colours of a template', () => {
  it('leave out none that the usual style has', () => {
    const usual = defaultHighlightStyle.specs.flatMap(({ color }) => (color === undefined ? [] : [color]));
    expect(usual.length).toBeGreaterThan(0);
    expect(usual.filter((color) => !(color in COLOURS))).toEqual([]);
    expect(templateColours.specs.filter(({ color }) => color !== undefined)).toHaveLength(usual.length);
  });

  it.each(Object.values(COLOURS))('can be read: %s in light, %s in dark', (light, dark) => {
    expect(contrast(light, panel('light'))).toBeGreaterThan(SMALL_TEXT);
    expect(contrast(dark, panel('dark'))).toBeGreaterThan(SMALL_TEXT);
  });
});

/** As WCAG 2.2 counts it. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
