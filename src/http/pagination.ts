import { z } from 'zod';
import { WaybillError } from '../errors.ts';
import { EVENT_TYPE } from '../event-pattern.ts';
import { ACCOUNT_ID } from '../manage/accounts.ts';
import type { Page, PageRequest } from '../manage/page.ts';
import { channelSchema } from '../publish/event.ts';

/** The query of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('How many at most.'),
  cursor: z.string().min(1).max(700).optional().describe('`nextCursor` of the page before.'),
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const KEYS = {
  uuid: UUID,
  account: ACCOUNT_ID,
  eventType: EVENT_TYPE,
  /** When it is due, and which it is. */
  due: /^-?\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  channel: { test: (name: string) => channelSchema.safeParse(name).success },
} as const;

/** @throws WaybillError `invalid_cursor` for anything `pageBody` hasn't made */
export function pageRequest(
  query: { readonly limit: number; readonly cursor?: string | undefined },
  keyedBy: keyof typeof KEYS = 'uuid',
): PageRequest {
  if (query.cursor === undefined) return { after: null, limit: query.limit };
  const after = Buffer.from(query.cursor, 'base64url').toString('utf8');
  const genuine = encodeCursor(after) === query.cursor && KEYS[keyedBy].test(after);
  if (!genuine) {
    throw new WaybillError(
      'invalid_cursor',
      400,
      'cursor: is not one that a list has returned as nextCursor.',
    );
  }
  return { after, limit: query.limit };
}

/** `{"data": [ … ], "nextCursor": … }`. */
export function pageBody<Item>(page: Page<Item>) {
  return { data: page.items, nextCursor: page.next === null ? null : encodeCursor(page.next) };
}

export function encodeCursor(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}

/** The schema of a list of `item`. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
