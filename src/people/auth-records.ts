import { createAdapterFactory } from 'better-auth/adapters';
import type { Clock } from '../clock.ts';
import type { Queryable, Row } from '../db/database.ts';
import {
  type Comparison,
  countRecords,
  deleteRecords,
  findRecords,
  insertRecord,
  isRecordKind,
  type RecordCondition,
  type RecordKind,
  updateRecords,
} from '../store/people-records.ts';
import { hashOfToken } from './one-time-token.ts';

/** A condition as the library states it. */
interface Where {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
  readonly connector: string;
}

const COMPARISONS = new Set<string>(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']);

/**
 * What the library reads and writes, in our tables. Of a session's token the hash alone is stored; and a session that
 * has expired by our clock isn't there.
 *
 * @param db gives what statements go to now: the database, or a transaction under way
 */
export function createAuthRecords(db: () => Queryable, clock: Clock) {
  return createAdapterFactory({
    config: {
      adapterId: 'waybill',
      supportsDates: true,
      supportsBooleans: true,
      supportsNumericIds: false,
      transaction: false,
    },
    adapter: () => ({
      create: async <T extends Row>({ model, data }: { model: string; data: T }): Promise<T> => {
        const kind = kindOf(model);
        const row = await insertRecord<Row>(db(), kind, stored(kind, data));
        return shown(kind, row, data.token) as T;
      },
      findOne: async <T>({ model, where }: { model: string; where: Where[] }): Promise<T | null> => {
        const kind = kindOf(model);
        const [row] = await findRecords<Row>(db(), kind, conditionsOf(kind, where, clock), 1);
        return row ? (shown(kind, row, tokenIn(where)) as T) : null;
      },
      findMany: async <T>({ model, where, limit }: { model: string; where?: Where[]; limit: number }) => {
        const kind = kindOf(model);
        const rows = await findRecords<Row>(db(), kind, conditionsOf(kind, where ?? [], clock), limit);
        return rows.map((row) => shown(kind, row, tokenIn(where ?? [])) as T);
      },
      update: async <T>({ model, where, update }: { model: string; where: Where[]; update: T }) => {
        const kind = kindOf(model);
        const fields = stored(kind, update as Row);
        const [row] = await updateRecords<Row>(db(), kind, conditionsOf(kind, where, clock), fields);
        return row ? (shown(kind, row, tokenIn(where)) as T) : null;
      },
      updateMany: async ({ model, where, update }: { model: string; where: Where[]; update: Row }) => {
        const kind = kindOf(model);
        const rows = await updateRecords(db(), kind, conditionsOf(kind, where, clock), stored(kind, update));
        return rows.length;
      },
      delete: async ({ model, where }: { model: string; where: Where[] }): Promise<void> => {
        const kind = kindOf(model);
        await deleteRecords(db(), kind, conditionsOf(kind, where));
      },
      deleteMany: async ({ model, where }: { model: string; where: Where[] }): Promise<number> => {
        const kind = kindOf(model);
        return deleteRecords(db(), kind, conditionsOf(kind, where));
      },
      count: async ({ model, where }: { model: string; where?: Where[] }): Promise<number> => {
        const kind = kindOf(model);
        return countRecords(db(), kind, conditionsOf(kind, where ?? [], clock));
      },
    }),
  });
}

function kindOf(model: string): RecordKind {
  if (isRecordKind(model)) return model;
  throw new Error(`There is no table for ${model}`);
}

function stored(kind: RecordKind, { token, ...fields }: Row): Row {
  return kind === 'session' && typeof token === 'string'
    ? { ...fields, tokenHash: hashOfToken(token) }
    : { ...fields, ...(token === undefined ? {} : { token }) };
}

/** Who asked for a session by its token gets it back; nobody else can. */
function shown(kind: RecordKind, { tokenHash: _tokenHash, ...row }: Row, token: unknown): Row {
  return kind === 'session' ? { ...row, token: typeof token === 'string' ? token : '' } : row;
}

function tokenIn(where: readonly Where[]): unknown {
  return where.find(({ field }) => field === 'token')?.value;
}

function conditionsOf(kind: RecordKind, where: readonly Where[], clock?: Clock): RecordCondition[] {
  const conditions = where.map((one): RecordCondition => {
    if (!COMPARISONS.has(one.operator) || one.connector !== 'AND') {
      throw new Error(`${kind}.${one.field}: ${one.connector} ${one.operator} is not supported`);
    }
    const comparison = one.operator as Comparison;
    if (kind !== 'session' || one.field !== 'token')
      return { field: one.field, comparison, value: one.value };
    return { field: 'tokenHash', comparison, value: hashOfToken(String(one.value)) };
  });
  if (kind !== 'session' || clock === undefined) return conditions;
  return [...conditions, { field: 'expiresAt', comparison: 'gt', value: new Date(clock.now()) }];
}
