import { SaidText } from '../components/said.tsx';
import type { AttemptView } from '../data/deliveries.ts';
import { attemptFailure } from './attempt-failure.ts';

/** Why an attempt failed; nothing if it didn't. */
export function Failure({ attempt }: { attempt: AttemptView }) {
  const said = attemptFailure(attempt);
  return said && <SaidText said={said} />;
}
