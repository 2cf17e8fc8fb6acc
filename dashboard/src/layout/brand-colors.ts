import type { MantineColorsTuple } from '@mantine/core';

type Rgb = readonly [number, number, number];

/**
 * How bright each shade is (relative luminance, WCAG 2.2), but the one that fills: so that what is written on a shade, and in
 * a shade, can be read in both schemes, whatever the colour.
 */
const LUMINANCES = [0.9, 0.79, 0.68, 0.5, 0.37, 0.28, 0.23, 0.19] as const;
const FILLED = 8;
/** Not so dark that it is lost on a dark page, nor so bright that white on it, or it on white, is hard to read. */
const FILLED_BETWEEN = [0.035, 0.16] as const;
const DARKEST_SHARE = 0.6;
const STEPS = 24;

/**
 * The shades of a platform's colour.
 *
 * @param color `#rrggbb`
 * @returns ten, from the brightest to the darkest; the one that fills is the colour itself where that can be read
 */
export function shadesOf(color: string): MantineColorsTuple {
  const rgb = parse(color);
  const [darkest, brightest] = FILLED_BETWEEN;
  const own = luminanceOf(rgb);
  const filled = Math.min(brightest, Math.max(darkest, own));
  const shades = LUMINANCES.map((luminance) => withLuminance(rgb, luminance));
  shades[FILLED] = filled === own ? color.toLowerCase() : withLuminance(rgb, filled);
  shades.push(withLuminance(rgb, filled * DARKEST_SHARE));
  return shades as unknown as MantineColorsTuple;
}

/** How well one can be read on the other: 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [a, b] = [luminanceOf(parse(one)), luminanceOf(parse(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
function luminanceOf(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour mixed with black or white until it is as bright as that. */
function withLuminance(rgb: Rgb, luminance: number): string {
  const goal = luminance > luminanceOf(rgb) ? 255 : 0;
  let [none, all] = [0, 1];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (none + all) / 2;
    const reached = luminanceOf(mixed(rgb, goal, middle));
    if (goal === 255 ? reached < luminance : reached > luminance) none = middle;
    else all = middle;
  }
  return `#${mixed(rgb, goal, all)
    .map((part) => Math.round(part).toString(16).padStart(2, '0'))
    .join('')}`;
}

function mixed(rgb: Rgb, goal: number, share: number): Rgb {
  return rgb.map((part) => part + (goal - part) * share) as unknown as Rgb;
}
