import { describe, expect, it } from 'vitest';
import { contrastOf, shadesOf } from './brand-colors.ts';

const READABLE = 4.5;
const LIGHT_PAGE = '#f5f7fa';
const DARK_PANEL = '#171c22';

const PARTS = ['00', '33', '80', 'cc', 'ff'];
const COLORS = PARTS.flatMap((red) =>
  PARTS.flatMap((green) => PARTS.map((blue) => `#${red}${green}${blue}`)),
);

describe('the shades of a platform’s colour', () => {
  it.each(COLORS)('of %s can be read wherever they are written', (color) => {
    const shades = shadesOf(color);
    const [palest, pale, paler, anchor] = shades;
    const [filled, darkest] = shades.slice(8) as [string, string];
    const pairs = {
      'white on a button': contrastOf('#ffffff', filled),
      'white on a button under the pointer': contrastOf('#ffffff', darkest),
      'a link on a light page': contrastOf(filled, LIGHT_PAGE),
      'a light button': contrastOf(darkest, pale),
      'a light button under the pointer': contrastOf(darkest, paler),
      'a link on a dark panel': contrastOf(anchor, DARK_PANEL),
      'a menu’s choice on a dark page': contrastOf(palest, darkest),
    };
    for (const [where, contrast] of Object.entries(pairs)) {
      expect(contrast, where).toBeGreaterThanOrEqual(READABLE);
    }
  });

  it('have the colour itself among them where it can be read', () => {
    expect(shadesOf('#1A7F37')[8]).toBe('#1a7f37');
    expect(shadesOf('#ffdd00')).not.toContain('#ffdd00');
  });
});
