import type { MailTexts } from './mail-texts.ts';

export const en: MailTexts = {
  titles: {
    deliveries_failing: 'Deliveries fail for good',
    webhook_disabled: 'A webhook was disabled',
    webhook_will_be_disabled: 'A webhook is about to be disabled',
    webhook_disabled_by_failures: 'A webhook was disabled, as nothing arrived any more',
    certificate_expires: 'A client certificate expires',
    daily_limit_reached: 'The daily limit of events was reached',
  },
  messages: null,
  failures: {},
  account: 'Account',
  webhook: 'Webhook',
  since: 'Since',
  see: 'See what to do about it',
  why: 'There is one mail an alert. Who gets them is set on that page.',
};
