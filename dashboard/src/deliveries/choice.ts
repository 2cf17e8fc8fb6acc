import { useState } from 'react';

type Choice = ReadonlySet<string>;

const NOTHING: Choice = new Set();

/**
 * What somebody has chosen of a list, by ids. It holds for the list they chose it from: of another one nothing is
 * chosen, so that nothing is sent which nobody sees.
 *
 * @param list names the list, with its filters
 */
export function useChoice(list: string): readonly [Choice, (chosen: Choice) => void] {
  const [kept, keep] = useState({ list, chosen: NOTHING });
  return [kept.list === list ? kept.chosen : NOTHING, (chosen) => keep({ list, chosen })];
}
