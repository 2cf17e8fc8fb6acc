import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { conflict, notFound } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import { emailSchema, parseInput } from '../input.ts';
import { ensureAccount } from '../store/accounts.ts';
import * as store from '../store/alert-recipients.ts';
import { MAIL_LANGUAGES, type MailLanguage } from '../store/alert-recipients.ts';
import { ALERT_KINDS, type AlertKind } from '../store/alerts.ts';
import { checkAccountId } from './accounts.ts';
import { alertKindSchema } from './alerts.ts';
import { type Page, type PageRequest, readPage } from './page.ts';

/** Whoever may change an account's webhooks could otherwise have mail sent to anybody, without end. */
const MAX_RECIPIENTS = 20;

export const mailLanguageSchema = z.enum(MAIL_LANGUAGES);

export const alertRecipientSchema = z.strictObject({
  email: emailSchema,
  kinds: z.array(alertKindSchema).min(1).max(ALERT_KINDS.length).nullable().default(null),
  language: mailLanguageSchema.default('en'),
});

/** Somebody who is told of alerts by mail. */
export interface AlertRecipientView {
  id: string;
  email: string;
  /** null: of all kinds. */
  kinds: AlertKind[] | null;
  /** That of the mails. */
  language: MailLanguage;
  createdAt: string;
}

/** Who is told of an account's alerts by mail, or (account null) of those of all accounts. Ids are `rcp_…`. */
export class AlertRecipients {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #audit: Audit;

  constructor(database: Database, clock: Clock, audit: Audit) {
    this.#database = database;
    this.#clock = clock;
    this.#audit = audit;
  }

  /** Newest first. */
  async list(accountId: string | null, request: PageRequest = {}): Promise<Page<AlertRecipientView>> {
    return readPage(
      request,
      (before, limit) => store.listAlertRecipients(this.#database, accountId, before, limit),
      recipientView,
    );
  }

  /** @throws WaybillError `validation_failed`; `recipient_exists` and `too_many_recipients` (409) */
  async add(
    accountId: string | null,
    input: z.input<typeof alertRecipientSchema>,
  ): Promise<AlertRecipientView> {
    const { email, kinds, language } = parseInput(alertRecipientSchema, input);
    if (accountId !== null) checkAccountId(accountId);
    const row = await this.#database.transaction(async (tx) => {
      if (accountId !== null) await ensureAccount(tx, accountId);
      if ((await store.countAlertRecipients(tx, accountId)) >= MAX_RECIPIENTS) {
        const message = `No more than ${MAX_RECIPIENTS} are mailed: take one away.`;
        throw conflict('too_many_recipients', message, { most: MAX_RECIPIENTS });
      }
      const createdAt = new Date(this.#clock.now()).toISOString();
      const added = await store.insertAlertRecipient(tx, {
        id: newId(),
        accountId,
        email,
        kinds,
        language,
        createdAt,
      });
      if (!added) throw conflict('recipient_exists', 'This e-mail is told already: take it away first.');
      await this.#audit.record(tx, {
        account: accountId,
        action: 'alert-recipient.added',
        target: toWireId('rcp', added.id),
        after: { email, kinds, language },
      });
      return added;
    });
    return recipientView(row);
  }

  /** @throws WaybillError `not_found` */
  async remove(accountId: string | null, wireId: string): Promise<void> {
    const id = fromWireId('rcp', wireId);
    if (id === undefined) throw notFound('recipient');
    await this.#database.transaction(async (tx) => {
      const row = await store.deleteAlertRecipient(tx, accountId, id);
      if (!row) throw notFound('recipient');
      await this.#audit.record(tx, {
        account: accountId,
        action: 'alert-recipient.removed',
        target: wireId,
        before: { email: row.email, kinds: row.kinds, language: row.language },
      });
    });
  }
}

function recipientView(row: store.AlertRecipientRow): AlertRecipientView {
  return {
    id: toWireId('rcp', row.id),
    email: row.email,
    kinds: row.kinds,
    language: row.language,
    createdAt: row.createdAt.toISOString(),
  };
}
