import { expect, it, vi } from 'vitest';
import { ignoreSecondClicks, noteChange } from './double-clicks.ts';

/** Clicks a place this many times in a row, as a browser counts them. */
function started(onClick: () => void) {
  const place = new EventTarget();
  ignoreSecondClicks(place);
  place.addEventListener('click', onClick);
  return (detail: number): boolean =>
    place.dispatchEvent(Object.assign(new Event('click', { cancelable: true }), { detail }));
}

it('the second click of a double click is let go where the first began a change', () => {
  const click = started(noteChange);
  expect([click(1), click(2), click(3)]).toEqual([true, false, false]);
  expect(click(1)).toBe(true);
});

it('double clicks that change nothing, and keys, are left alone', () => {
  const onClick = vi.fn();
  const click = started(onClick);
  expect([click(1), click(2)]).toEqual([true, true]);
  noteChange();
  expect([click(0), click(0)]).toEqual([true, true]);
  expect(onClick).toHaveBeenCalledTimes(4);
});
