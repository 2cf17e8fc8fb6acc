import { expect, it } from 'vitest';
import { sectionsOf } from './sections.ts';

const waiting = (
  id: number,
  priority: number,
  webhookStatus: 'active' | 'paused' | 'disabled' = 'active',
) => ({
  id,
  priority,
  webhookStatus,
});

it('what is sorted by priority has a section a priority, and one for all that is held', () => {
  const list = [
    waiting(1, 9),
    waiting(2, 9),
    waiting(3, 0),
    waiting(4, 9, 'paused'),
    waiting(5, 2, 'disabled'),
  ];
  const told = sectionsOf(list, 'priority').map(({ kind, waiting }) => [kind, waiting.map(({ id }) => id)]);
  expect(told).toEqual([
    [9, [1, 2]],
    [0, [3]],
    ['held', [4, 5]],
  ]);
});

it('what is sorted by due time has one section, whatever its priorities', () => {
  const list = [waiting(1, 0), waiting(2, 9, 'paused')];
  expect(sectionsOf(list, 'due')).toEqual([{ kind: 'all', waiting: list }]);
  expect(sectionsOf([], 'priority')).toEqual([]);
});
