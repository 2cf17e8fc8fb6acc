import { z } from 'zod';
import { WaybillError } from '../errors.ts';
import { EVENT_TYPE } from '../event-pattern.ts';
import { ACCOUNT_ID } from '../manage/accounts.ts';
import type { Page, PageRequest } from '../manage/page.ts';
import { DELIVERY_SEARCH_CURSOR, EVENT_SEARCH_CURSOR } from '../manage/search.ts';
import { searchSchema } from '../manage/search-text.ts';
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
  /** Whether it is held, its priority, when it is due, and which it is. */
  priority: /^[01]_\d_-?\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /** When it is due, and which it is. */
  due: /^-?\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  eventSearch: EVENT_SEARCH_CURSOR,
  deliverySearch: DELIVERY_SEARCH_CURSOR,
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

/** `{"data": [ … ], "nextCursor": … }`; of a search also how far it has looked. */
export function pageBody<Item>(page: Page<Item>) {
  return { data: page.items, ...pageEnd(page) };
}

/** What stands after the items of a page. */
export function pageEnd({ next, lookedBackTo }: Omit<Page<unknown>, 'items'>) {
  const nextCursor = next === null ? null : encodeCursor(next);
  return lookedBackTo === undefined ? { nextCursor } : { nextCursor, lookedBackTo };
}

export function encodeCursor(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}

/** The schema of a list of `item`. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** The query of a list that can be searched. */
export const searchQuery = {
  search: searchSchema
    .optional()
    .describe(
      'Finds events by their id, their subject or what it ends in after the last slash, however old; and by a text or ' +
        'number that is anywhere in their data, newest first, as far back as one request may look.',
    ),
};

/** The schema of such a list. */
export function searchedPageSchema<Item extends z.ZodType>(item: Item) {
  return pageSchema(item).extend({
    lookedBackTo: z.iso
      .datetime()
      .nullable()
      .optional()
      .describe(
        'With `search`: data that is newer has been looked at; `nextCursor` goes on from there, also after a short or ' +
          'empty page. null: all has.',
      ),
  });
}
