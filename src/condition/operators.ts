/** What a rule compares. A lookup is a choice from a list of the platform: a status, a warehouse. */
export type ValueType = 'text' | 'number' | 'date' | 'boolean' | 'lookup';

export const VALUE_TYPES: readonly ValueType[] = ['text', 'number', 'date', 'boolean', 'lookup'];

/** What stands beside an operator: nothing, one operand, `[low, high]`, a list, or the name of a parameter. */
export type OperandForm = 'none' | 'one' | 'range' | 'list' | 'name';

export interface OperatorFacts {
  readonly operand: OperandForm;
  /** What `type` can be. */
  readonly types: readonly ValueType[];
  /** As in "order.total is 12.5, which is not greater than 100". */
  readonly words: readonly [holds: string, fails: string];
  /** The operator this one is the exact opposite of. */
  readonly negates?: string;
}

const COMPARABLE: readonly ValueType[] = ['number', 'date'];

const FACTS = {
  equals: { operand: 'one', types: VALUE_TYPES, words: ['equals', 'does not equal'] },
  notEquals: {
    operand: 'one',
    types: VALUE_TYPES,
    words: ['does not equal', 'equals'],
    negates: 'equals',
  },
  contains: { operand: 'one', types: ['text'], words: ['contains', 'does not contain'] },
  notContains: {
    operand: 'one',
    types: ['text'],
    words: ['does not contain', 'contains'],
    negates: 'contains',
  },
  startsWith: { operand: 'one', types: ['text'], words: ['starts with', 'does not start with'] },
  endsWith: { operand: 'one', types: ['text'], words: ['ends with', 'does not end with'] },
  inList: { operand: 'list', types: ['text', 'lookup'], words: ['is in', 'is not in'] },
  notInList: {
    operand: 'list',
    types: ['text', 'lookup'],
    words: ['is not in', 'is in'],
    negates: 'inList',
  },
  isEmpty: { operand: 'none', types: ['text'], words: ['is empty', 'is not empty'] },
  isNotEmpty: {
    operand: 'none',
    types: ['text'],
    words: ['is not empty', 'is empty'],
    negates: 'isEmpty',
  },
  isNull: { operand: 'none', types: VALUE_TYPES, words: ['is null', 'is not null'] },
  isNotNull: {
    operand: 'none',
    types: VALUE_TYPES,
    words: ['is not null', 'is null'],
    negates: 'isNull',
  },
  greaterThan: { operand: 'one', types: ['number'], words: ['is greater than', 'is not greater than'] },
  greaterThanOrEqual: { operand: 'one', types: ['number'], words: ['is at least', 'is not at least'] },
  lessThan: { operand: 'one', types: ['number'], words: ['is less than', 'is not less than'] },
  lessThanOrEqual: { operand: 'one', types: ['number'], words: ['is at most', 'is not at most'] },
  between: { operand: 'range', types: COMPARABLE, words: ['is between', 'is not between'] },
  before: { operand: 'one', types: ['date'], words: ['is before', 'is not before'] },
  after: { operand: 'one', types: ['date'], words: ['is after', 'is not after'] },
  onOrBefore: { operand: 'one', types: ['date'], words: ['is on or before', 'is not on or before'] },
  onOrAfter: { operand: 'one', types: ['date'], words: ['is on or after', 'is not on or after'] },
  isTrue: { operand: 'none', types: ['boolean'], words: ['is true', 'is not true'] },
  isFalse: { operand: 'none', types: ['boolean'], words: ['is false', 'is not false'] },
  hasParam: { operand: 'name', types: [], words: ['has the parameter', 'does not have the parameter'] },
  hasNoParam: {
    operand: 'name',
    types: [],
    words: ['does not have the parameter', 'has the parameter'],
    negates: 'hasParam',
  },
} as const satisfies Record<string, OperatorFacts>;

export type Operator = keyof typeof FACTS;

export const OPERATORS: Readonly<Record<Operator, OperatorFacts & { readonly negates?: Operator }>> = FACTS;

export const OPERATOR_NAMES = Object.keys(FACTS) as readonly Operator[];

export function isOperator(value: unknown): value is Operator {
  return typeof value === 'string' && Object.hasOwn(FACTS, value);
}
