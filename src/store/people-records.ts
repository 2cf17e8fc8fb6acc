import type { Queryable, Row } from '../db/database.ts';

/** What the library for sign-in keeps, each in a table of ours. Names come from here alone, never from a caller. */
const RECORDS = {
  user: ['users', 'id', 'email', 'name', 'emailVerified', 'image', 'createdAt', 'updatedAt'],
  account: [
    'user_credentials',
    'id',
    'userId',
    'providerId',
    'accountId',
    'password',
    'createdAt',
    'updatedAt',
  ],
  session: [
    'user_sessions',
    'id',
    'userId',
    'tokenHash',
    'ipAddress',
    'userAgent',
    'createdAt',
    'updatedAt',
    'expiresAt',
  ],
} as const;

export type RecordKind = keyof typeof RECORDS;
export type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';

/** All of the conditions must hold. */
export interface RecordCondition {
  readonly field: string;
  readonly comparison: Comparison;
  readonly value: unknown;
}

const OPERATORS: Record<Comparison, string> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

export function isRecordKind(kind: string): kind is RecordKind {
  return Object.hasOwn(RECORDS, kind);
}

/** Stores one; fields it has no column for are refused. */
export async function insertRecord<R extends Row>(db: Queryable, kind: RecordKind, fields: Row): Promise<R> {
  const names = Object.keys(fields);
  const { rows } = await db.query<R>(
    `insert into ${tableOf(kind)} (${names.map((name) => columnOf(kind, name)).join(', ')})
     values (${names.map((_, index) => `$${index + 1}`).join(', ')})
     returning ${columnsOf(kind)}`,
    Object.values(fields),
  );
  return rows[0] as R;
}

/** Oldest first. */
export async function findRecords<R extends Row>(
  db: Queryable,
  kind: RecordKind,
  conditions: readonly RecordCondition[],
  limit: number,
): Promise<R[]> {
  const { text, values } = conditionText(kind, conditions, 1);
  const { rows } = await db.query<R>(
    `select ${columnsOf(kind)} from ${tableOf(kind)} where ${text} order by id limit $${values.length + 1}::integer`,
    [...values, limit],
  );
  return rows;
}

/** Sets these fields of all that match. Returns them as they are then. */
export async function updateRecords<R extends Row>(
  db: Queryable,
  kind: RecordKind,
  conditions: readonly RecordCondition[],
  fields: Row,
): Promise<R[]> {
  const names = Object.keys(fields);
  const sets = names.map((name, index) => `${columnOf(kind, name)} = $${index + 1}`);
  const { text, values } = conditionText(kind, conditions, names.length + 1);
  const { rows } = await db.query<R>(
    `update ${tableOf(kind)} set ${sets.join(', ')} where ${text} returning ${columnsOf(kind)}`,
    [...Object.values(fields), ...values],
  );
  return rows;
}

/** Returns how many there were. */
export async function deleteRecords(
  db: Queryable,
  kind: RecordKind,
  conditions: readonly RecordCondition[],
): Promise<number> {
  const { text, values } = conditionText(kind, conditions, 1);
  const { rows } = await db.query(`delete from ${tableOf(kind)} where ${text} returning id`, values);
  return rows.length;
}

export async function countRecords(
  db: Queryable,
  kind: RecordKind,
  conditions: readonly RecordCondition[],
): Promise<number> {
  const { text, values } = conditionText(kind, conditions, 1);
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from ${tableOf(kind)} where ${text}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

function conditionText(kind: RecordKind, conditions: readonly RecordCondition[], first: number) {
  // Without a condition all would be meant: nothing here ever means all.
  if (conditions.length === 0) throw new Error(`${kind}: a condition is needed`);
  const parts = conditions.map(
    ({ field, comparison }, index) => `${columnOf(kind, field)} ${OPERATORS[comparison]} $${first + index}`,
  );
  return { text: parts.join(' and '), values: conditions.map(({ value }) => value) };
}

function tableOf(kind: RecordKind): string {
  return `waybill.${RECORDS[kind][0]}`;
}

function columnsOf(kind: RecordKind): string {
  const [, ...fields] = RECORDS[kind];
  return fields.map((field) => `${toSnakeCase(field)} as "${field}"`).join(', ');
}

function columnOf(kind: RecordKind, field: string): string {
  const [, ...fields] = RECORDS[kind];
  if (!fields.some((known) => known === field)) throw new Error(`${kind} has no field ${field}`);
  return toSnakeCase(field);
}

function toSnakeCase(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
