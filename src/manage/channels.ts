import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../db/database.ts';
import { parseInput } from '../input.ts';
import { channelSchema } from '../publish/event.ts';
import { ensureAccount } from '../store/accounts.ts';
import { type ChannelRow, listChannels, putChannel } from '../store/channels.ts';
import { checkAccountId } from './accounts.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { nameSchema } from './webhook-input.ts';

/** Where in an account events come from: an order channel, a shop. */
export interface ChannelView {
  name: string;
  title: string | null;
  firstSeenAt: string;
}

export const channelInputSchema = z.strictObject({ title: nameSchema.nullable().optional() });

/** The channels of accounts. They become known as events name them, and can be given titles. */
export class Channels {
  readonly #database: Database;
  readonly #audit: Audit;

  constructor(database: Database, audit: Audit) {
    this.#audit = audit;
    this.#database = database;
  }

  /** By name. */
  list(accountId: string, request: PageRequest = {}): Promise<Page<ChannelView>> {
    return readPage(
      request,
      async (after, limit) => {
        const rows = await listChannels(this.#database, accountId, after ?? '', limit);
        return rows.map((row) => ({ ...row, id: row.name }));
      },
      (row) => channelView(row),
    );
  }

  /** Gives a channel a title, or takes it away. One that isn't known is from now on. @throws WaybillError `validation_failed` */
  async put(
    accountId: string,
    name: string,
    input: z.input<typeof channelInputSchema>,
  ): Promise<ChannelView> {
    checkAccountId(accountId);
    const { channel } = parseInput(z.object({ channel: channelSchema }), { channel: name });
    const { title } = parseInput(channelInputSchema, input);
    const row = await this.#database.transaction(async (tx) => {
      await ensureAccount(tx, accountId);
      const put = await putChannel(tx, { accountId, name: channel }, title ?? null);
      const after = { title: put.title };
      await this.#audit.record(tx, { account: accountId, action: 'channel.updated', target: channel, after });
      return put;
    });
    return channelView(row);
  }
}

function channelView({ name, title, firstSeenAt }: ChannelRow): ChannelView {
  return { name, title, firstSeenAt: firstSeenAt.toISOString() };
}
