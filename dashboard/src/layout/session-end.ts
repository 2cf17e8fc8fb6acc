import { notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import type { AnyRouter } from '@tanstack/react-router';
import i18next from 'i18next';
import { setBearer } from '../api.ts';
import { forgetSession } from '../query-client.ts';
import type { Me } from '../session.ts';
import { problemText } from '../words/problem-words.ts';

/**
 * Leads somebody whose session has ended to where they get another: people to the sign-in, and back from there to
 * what they were looking at; guests of the portal to a page that says so, as only the platform can let them in again.
 */
export function createSessionEnd(router: () => AnyRouter, client: () => QueryClient): (me: Me) => void {
  let leaving = false;
  return (me) => {
    // Several things on a screen are refused at the same time.
    if (leaving) return;
    leaving = true;
    const { href } = router().state.location;
    const to =
      me.kind === 'portal'
        ? { to: '/portal', search: { ended: 'yes' }, replace: true }
        : { to: '/sign-in', search: { next: href } };
    void router()
      .navigate(to)
      .finally(() => {
        // Not before: what is still on the screen asks who is here.
        if (me.kind === 'portal') setBearer(undefined);
        forgetSession(client());
        leaving = false;
      });
  };
}

/** Says why a change failed, where the screen it was made on doesn't. */
export function tellOfFailure(error: unknown): void {
  notifications.show({ color: 'red', message: problemText(error, i18next.t('common.unexpected')) });
}
