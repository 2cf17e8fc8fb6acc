/** How much work judging may still take, in steps: a step is a schema applied to a value, or as much as that. */
export interface Budget {
  left: number;
}

const STEPS_PER_REQUEST = 1_000_000;
const STEPS_PER_EVENT = 100_000;
const STEPS_PER_CHAR = 1;

/** Thrown through a validator, which holds nothing that needs to be put back. */
export class BudgetSpent extends Error {}

// A validator can't be given anything beside the value. It never waits, so there is one at work at any time.
let current: Budget = { left: 0 };

/** For everything that is published in one request. @param chars of all of its data, as it was written */
export function requestBudget(chars: number): Budget {
  return { left: STEPS_PER_REQUEST + STEPS_PER_CHAR * chars };
}

/** What one value may take, whatever it is a part of. */
export function ownBudget(chars: number): Budget {
  return { left: STEPS_PER_EVENT + STEPS_PER_CHAR * chars };
}

/** Gives one value of a request its share, and takes from the request what that has spent. */
export function withinRequest<T>(request: Budget, chars: number, work: (own: Budget) => T): T {
  const own = { left: Math.min(ownBudget(chars).left, request.left) };
  const given = own.left;
  try {
    return work(own);
  } finally {
    request.left -= given - Math.max(own.left, 0);
  }
}

/** Does what spends steps. @throws BudgetSpent when there are none left */
export function withBudget<T>(budget: Budget, work: () => T): T {
  const before = current;
  current = budget;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** @throws BudgetSpent when there are none left */
export function spend(steps: number): void {
  current.left -= steps;
  if (current.left < 0) throw new BudgetSpent('What is judged takes more steps than it may.');
}
