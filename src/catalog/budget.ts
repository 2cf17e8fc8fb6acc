/** How much work judging a value may still take, in steps: a step is a schema applied to a value, or as much as that. */
export interface Budget {
  /** The same value takes the same number of them, whatever was judged before it. */
  left: number;
  /** How many of those taken were work, and not remembered from earlier values. */
  worked: number;
}

/** How much work may still be done for everything that is published together. */
export interface RequestBudget {
  left: number;
}

const STEPS_PER_REQUEST = 1_000_000;
const STEPS_PER_EVENT = 10_000;
const STEPS_PER_VALUE = 100_000;
const STEPS_PER_CHAR = 1;

/** Thrown through a validator, which holds nothing that needs to be put back. */
export class BudgetSpent extends Error {}

// A validator can't be given anything beside the value. It never waits, so there is one at work at any time.
let current: Budget = { left: 0, worked: 0 };

/** For everything that is published in one request. @param chars of all of its data, as it was written */
export function requestBudget(chars: number, events = 1): RequestBudget {
  return { left: Math.max(STEPS_PER_REQUEST, STEPS_PER_EVENT * events) + STEPS_PER_CHAR * chars };
}

/** What judging one value by one schema may take, whatever it is a part of. */
export function ownBudget(chars: number): Budget {
  return { left: STEPS_PER_VALUE + STEPS_PER_CHAR * chars, worked: 0 };
}

/**
 * Gives one value its own budget, and takes from the request what work that was. So what comes of a value doesn't depend on
 * the others, unless these have taken all: then it isn't judged.
 *
 * @returns undefined if it isn't
 */
export function withinRequest<T>(
  request: RequestBudget,
  chars: number,
  work: (own: Budget) => T,
): T | undefined {
  if (request.left <= 0) return undefined;
  const own = ownBudget(chars);
  try {
    return work(own);
  } finally {
    request.left -= own.worked;
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

/** @param worked how many of the steps are work @throws BudgetSpent when there are none left */
export function spend(steps: number, worked = steps): void {
  current.left -= steps;
  current.worked += worked;
  if (current.left < 0) throw new BudgetSpent('What is judged takes more steps than it may.');
}

/** For patterns, which remember what they have seen. */
export const meter = {
  spend,
  get judgement(): Budget {
    return current;
  },
};
