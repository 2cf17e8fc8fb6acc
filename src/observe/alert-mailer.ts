import { createTransport, type Transporter } from 'nodemailer';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import type { MailConfig } from '../mail-config.ts';
import { Rounds } from '../rounds.ts';
import {
  type AlertMailRow,
  setAlertMailDue,
  setAlertMailedIn,
  takeAlertMails,
} from '../store/alert-mails.ts';
import { MAIL_LANGUAGES, type MailLanguage } from '../store/alert-recipients.ts';
import { alertMail } from './alert-mail.ts';

export interface AlertMailerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mail: MailConfig;
  /** The platform's name, as people know it. */
  readonly brand: string;
  readonly dashboardUrl: string;
}

const EVERY_MS = 10_000;
const PORTION = 20;
const NEWS_MS = 24 * 3600 * 1000;
const SMTP_TIMEOUT_MS = 20_000;
/** Longer than a portion can take, so that no other node mails it meanwhile. */
const TAKEN_MS = 2 * PORTION * SMTP_TIMEOUT_MS;
/** How long after which attempt it is tried again; after the last of them it is given up. */
const RETRY_MS = [60_000, 300_000, 1_800_000, 7_200_000] as const;

/**
 * Mails alerts to those who want to know, each once: any node may, and an alert that a node dies over is left to another,
 * which may mail it again. Nothing is mailed of what has been resolved before its turn.
 */
export class AlertMailer {
  readonly #options: AlertMailerOptions;
  readonly #transport: Transporter;
  readonly #rounds: Rounds;

  constructor(options: AlertMailerOptions) {
    this.#options = options;
    this.#rounds = new Rounds(options.clock, EVERY_MS, () => this.#round());
    this.#transport = createTransport(
      {
        url: options.mail.smtpUrl,
        connectionTimeout: SMTP_TIMEOUT_MS,
        greetingTimeout: SMTP_TIMEOUT_MS,
        socketTimeout: SMTP_TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      },
      { from: options.mail.from },
    );
  }

  start(): void {
    this.#rounds.start();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
    this.#transport.close();
  }

  async #round(): Promise<void> {
    const { log } = this.#options;
    try {
      for (const alert of await this.#take()) {
        if (this.#rounds.stopped) return;
        await this.#mail(alert);
      }
    } catch (error) {
      log.warn(logged(error), 'alerts could not be mailed; it is tried again');
    }
  }

  async #take(): Promise<AlertMailRow[]> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const at = (ms: number) => new Date(ms).toISOString();
    const times = { now: at(now), since: at(now - NEWS_MS), dueAgainAt: at(now + TAKEN_MS) };
    const taken = await takeAlertMails(database, { ...times, limit: PORTION });
    const ofNobody = taken.filter(({ recipients }) => recipients.length === 0).map(({ id }) => id);
    if (ofNobody.length > 0) await setAlertMailDue(database, ofNobody, null);
    return taken.filter(({ recipients }) => recipients.length > 0);
  }

  async #mail(alert: AlertMailRow): Promise<void> {
    const { database, clock, log } = this.#options;
    const retryMs = RETRY_MS[alert.attempts - 1];
    let dueAt: string | null = null;
    try {
      for (const language of MAIL_LANGUAGES) await this.#mailIn(language, alert);
    } catch (error) {
      dueAt = retryMs === undefined ? null : new Date(clock.now() + retryMs).toISOString();
      const next = dueAt === null ? 'it is given up' : 'it is tried again';
      log.warn(
        { ...logged(error), alert: alert.id, attempt: alert.attempts },
        `an alert was not mailed; ${next}`,
      );
    }
    await setAlertMailDue(database, [alert.id], dueAt);
  }

  /** Mails those who read this language. Noted at once, so that nobody is mailed again when others are tried again. */
  async #mailIn(language: MailLanguage, alert: AlertMailRow): Promise<void> {
    const { database, log, mail, brand, dashboardUrl } = this.#options;
    const to = alert.recipients.filter((one) => one.language === language).map(({ email }) => email);
    if (to.length === 0) return;
    const { rejected } = await this.#transport.sendMail({
      ...alertMail(alert, language, brand, dashboardUrl),
      // Whom else it goes to is nobody's business: they are in the envelope alone.
      envelope: { from: mail.from, to },
      to: mail.from,
    });
    if (rejected && rejected.length > 0)
      log.warn({ alert: alert.id, rejected }, 'the mail server refused recipients');
    await setAlertMailedIn(database, alert.id, language);
  }
}
