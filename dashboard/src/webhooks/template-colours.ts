import { defaultHighlightStyle, HighlightStyle } from '@codemirror/language';

/** Colours of code that can be read on the panels of light and of dark, by the one the usual style has. */
export const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  '#404740': ['#404740', '#b8c0c9'],
  '#708': ['#770088', '#dda3f0'],
  '#219': ['#221199', '#a9b8ff'],
  '#164': ['#116644', '#7fdcb0'],
  '#a11': ['#aa1111', '#ffa8a3'],
  '#e40': ['#b23300', '#ffb38a'],
  '#00f': ['#0000ff', '#9cc4ff'],
  '#30a': ['#3300aa', '#bcaeff'],
  '#085': ['#00703f', '#79deb0'],
  '#167': ['#116677', '#7fd6e8'],
  '#256': ['#225566', '#8fcfe4'],
  '#00c': ['#0000cc', '#9ec1ff'],
  '#940': ['#994400', '#e6b98a'],
  '#f00': ['#c01f2e', '#ff8f96'],
};

/** The usual style of code, in colours for light and for dark. */
export const templateColours = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => {
    const pair = typeof spec.color === 'string' ? COLOURS[spec.color] : undefined;
    const { color: _, ...others } = spec;
    return pair ? { ...others, color: `light-dark(${pair[0]}, ${pair[1]})` } : others;
  }),
);
