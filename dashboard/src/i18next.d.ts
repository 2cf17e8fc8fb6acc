import 'i18next';
import type about from './locales/en/about.json';
import type alerts from './locales/en/alerts.json';
import type audit from './locales/en/audit.json';
import type catalog from './locales/en/catalog.json';
import type common from './locales/en/common.json';
import type deliveries from './locales/en/deliveries.json';
import type events from './locales/en/events.json';
import type explanations from './locales/en/explanations.json';
import type failures from './locales/en/failures.json';
import type nav from './locales/en/nav.json';
import type overview from './locales/en/overview.json';
import type people from './locales/en/people.json';
import type problems from './locales/en/problems.json';
import type queue from './locales/en/queue.json';
import type replays from './locales/en/replays.json';
import type session from './locales/en/session.json';
import type verify from './locales/en/verify.json';
import type webhooks from './locales/en/webhooks.json';

// With this the compiler refuses a key that no file has.
declare module 'i18next' {
  interface CustomTypeOptions {
    resources: {
      translation: {
        about: typeof about;
        alerts: typeof alerts;
        audit: typeof audit;
        catalog: typeof catalog;
        common: typeof common;
        deliveries: typeof deliveries;
        events: typeof events;
        explanations: typeof explanations;
        failures: typeof failures;
        nav: typeof nav;
        overview: typeof overview;
        people: typeof people;
        problems: typeof problems;
        queue: typeof queue;
        replays: typeof replays;
        session: typeof session;
        verify: typeof verify;
        webhooks: typeof webhooks;
      };
    };
  }
}
