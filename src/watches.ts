import type { Logger } from 'pino';
import { baseUrlOf } from './base-url.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { AlertWatch } from './manage/alert-watch.ts';
import { AlertMailer } from './observe/alert-mailer.ts';

/** What looks now and then whether there is something to tell, as long as this process sends. */
export type Watch = Pick<AlertWatch, 'start' | 'stop'>;

export function createWatches(
  config: Config,
  parts: { readonly database: Database; readonly clock: Clock; readonly log: Logger },
): readonly Watch[] {
  const { mail, branding } = config;
  const watches: Watch[] = [new AlertWatch(parts)];
  if (mail) {
    const brand = branding.name ?? 'Waybill';
    watches.push(new AlertMailer({ ...parts, mail, brand, dashboardUrl: baseUrlOf(config) }));
  }
  return watches;
}
