import { misconfigured } from './errors.ts';

/** Through which server mail goes, and as whose. */
export interface MailConfig {
  /** `smtp://` or `smtps://`, with user and password if it wants them. */
  readonly smtpUrl: string;
  /** `Waybill <webhooks@example.com>` */
  readonly from: string;
}

const FROM = /^(?:[^\p{Cc}<>]{1,100} )?<?[^\s<>@]{1,64}@[^\s<>@]{1,255}>?$/u;

/** @returns undefined: nothing is mailed. @throws WaybillError `misconfigured`, never with the URL, which may hold a password */
export function parseMail(smtpUrl: string | undefined, from: string | undefined): MailConfig | undefined {
  if (smtpUrl === undefined && from === undefined) return undefined;
  const url = smtpUrl === undefined ? undefined : URL.parse(smtpUrl);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw misconfigured('WAYBILL_SMTP_URL must be such as smtp://user:password@mail.example.com:587.');
  }
  if (from === undefined || !FROM.test(from)) {
    throw misconfigured('WAYBILL_MAIL_FROM must be such as "Waybill <webhooks@example.com>".');
  }
  return { smtpUrl: url.href, from };
}
