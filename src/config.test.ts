import { describe, expect, it } from 'vitest';
import { type DispatchConfig, loadConfig } from './config.ts';

const DEFAULTS = loadConfig({}, {}).dispatch;
const NAMES = Object.keys(DEFAULTS) as (keyof DispatchConfig)[];

const dispatchWith = (name: string, value: unknown): DispatchConfig =>
  loadConfig({ dispatch: { [name]: value } }, {}).dispatch;

describe('the numbers of dispatch', () => {
  it.each(NAMES)('%s is refused where it could never work, and the message says what it must be', (name) => {
    const nonsense = [-1, 1.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '10', null];
    for (const value of nonsense) {
      const message = new RegExp(`^dispatch\\.${name} must be a whole number .*\\d.*, not ${value}\\.$`);
      const refused = expect.objectContaining({
        code: 'misconfigured',
        message: expect.stringMatching(message),
      });
      expect(() => dispatchWith(name, value)).toThrow(refused);
    }
  });

  it.each(NAMES)('%s is taken as it is by default, and is the default where it is undefined', (name) => {
    expect(dispatchWith(name, DEFAULTS[name])).toEqual(DEFAULTS);
    expect(dispatchWith(name, undefined)).toEqual(DEFAULTS);
  });

  it('none of them may be zero, but for how long a stop waits', () => {
    const zeroes = NAMES.filter((name) => {
      try {
        return dispatchWith(name, 0)[name] === 0;
      } catch {
        return false;
      }
    });
    expect(zeroes).toEqual(['stopGraceMs']);
  });

  it('no time may be longer than a timer can be set for', () => {
    const longest = 2 ** 31 - 1;
    for (const name of NAMES.filter((one) => one.endsWith('Ms'))) {
      expect(dispatchWith(name, longest)[name]).toBe(longest);
      expect(() => dispatchWith(name, longest + 1)).toThrow(`to ${longest}, not ${longest + 1}.`);
    }
  });

  it('what is no option is said to be none', () => {
    expect(() => dispatchWith('maxInFlght', 1)).toThrow('dispatch.maxInFlght is not an option.');
  });
});
