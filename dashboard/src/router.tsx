import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiProblem } from './api.ts';
import { Failed, Loading } from './components/states.tsx';
import { AccountOutlet } from './layout/account-outlet.tsx';
import { keepWhetherGuest, wasGuest } from './layout/guest.ts';
import { homeOf } from './layout/home.ts';
import { lazyScreen } from './layout/lazy-screen.tsx';
import { NotFound, NotFoundOutside } from './layout/not-found.tsx';
import { ofPlatform } from './layout/of-platform.tsx';
import { createSessionEnd, tellOfFailure } from './layout/session-end.ts';
import { Shell } from './layout/shell.tsx';
import { rememberSteps } from './layout/steps.ts';
import { createQueryClient } from './query-client.ts';
import {
  accountQueueSearch,
  alertsSearch,
  auditSearch,
  deliveriesSearch,
  eventsSearch,
  parseSearch,
  platformAuditSearch,
  portalSearch,
  queueSearch,
  webhookEventsSearch,
  webhooksSearch,
  writeSearch,
} from './search.ts';
import { meQuery } from './session.ts';

export const queryClient = createQueryClient({
  sessionEnded: createSessionEnd(
    () => router,
    () => queryClient,
  ),
  changeFailed: tellOfFailure,
});

const root = createRootRouteWithContext()({ component: Outlet, notFoundComponent: NotFoundOutside });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyScreen(() => import('./routes/sign-in.tsx'), 'SignIn'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyScreen(() => import('./routes/setup.tsx'), 'Setup'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyScreen(() => import('./routes/invitation.tsx'), 'Invitation'),
});

const portal = createRoute({
  getParentRoute: () => root,
  path: '/portal',
  validateSearch: portalSearch,
  component: lazyScreen(() => import('./routes/portal.tsx'), 'Portal'),
});

/** Everything that only somebody who has signed in sees. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      keepWhetherGuest(me);
      return { me };
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
      if (wasGuest()) throw redirect({ to: '/portal', search: { ended: 'yes' } });
      throw redirect({ to: '/sign-in', search: { next: location.href } as never });
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect(homeOf(context.me));
  },
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/accounts/$account',
  component: AccountOutlet,
});

const overview = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyScreen(() => import('./routes/overview.tsx'), 'Overview'),
});

const webhooks = createRoute({
  getParentRoute: () => account,
  path: '/webhooks',
  validateSearch: webhooksSearch,
  component: lazyScreen(() => import('./routes/webhooks.tsx'), 'Webhooks'),
});

const newWebhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/new',
  component: lazyScreen(() => import('./routes/new-webhook.tsx'), 'NewWebhook'),
});

const webhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhook',
  component: lazyScreen(() => import('./routes/webhook.tsx'), 'Webhook'),
});

const webhookEvents = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhook/events',
  validateSearch: webhookEventsSearch,
  component: lazyScreen(() => import('./routes/webhook-events.tsx'), 'WebhookEvents'),
});

const deliveries = createRoute({
  getParentRoute: () => account,
  path: '/deliveries',
  validateSearch: deliveriesSearch,
  component: lazyScreen(() => import('./routes/deliveries.tsx'), 'Deliveries'),
});

const delivery = createRoute({
  getParentRoute: () => account,
  path: '/deliveries/$delivery',
  component: lazyScreen(() => import('./routes/delivery.tsx'), 'Delivery'),
});

const accountQueue = createRoute({
  getParentRoute: () => account,
  path: '/queue',
  validateSearch: accountQueueSearch,
  component: lazyScreen(() => import('./routes/account-queue.tsx'), 'AccountQueue'),
});

const events = createRoute({
  getParentRoute: () => account,
  path: '/events',
  validateSearch: eventsSearch,
  component: lazyScreen(() => import('./routes/events.tsx'), 'Events'),
});

const event = createRoute({
  getParentRoute: () => account,
  path: '/events/$event',
  component: lazyScreen(() => import('./routes/event.tsx'), 'Event'),
});

const eventTypes = createRoute({
  getParentRoute: () => account,
  path: '/event-types',
  component: lazyScreen(() => import('./routes/event-types.tsx'), 'EventTypes'),
});

const eventType = createRoute({
  getParentRoute: () => account,
  path: '/event-types/$eventType',
  component: lazyScreen(() => import('./routes/event-type.tsx'), 'EventType'),
});

const alerts = createRoute({
  getParentRoute: () => account,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyScreen(() => import('./routes/alerts.tsx'), 'Alerts'),
});

const people = createRoute({
  getParentRoute: () => account,
  path: '/people',
  component: lazyScreen(() => import('./routes/people.tsx'), 'People'),
});

const apiKeys = createRoute({
  getParentRoute: () => account,
  path: '/api-keys',
  component: lazyScreen(() => import('./routes/api-keys.tsx'), 'ApiKeys'),
});

const auditLog = createRoute({
  getParentRoute: () => account,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: lazyScreen(() => import('./routes/audit-log.tsx'), 'AuditLog'),
});

const accounts = createRoute({
  getParentRoute: () => signedIn,
  path: '/accounts',
  component: ofPlatform(lazyScreen(() => import('./routes/accounts.tsx'), 'Accounts')),
});

const queue = createRoute({
  getParentRoute: () => signedIn,
  path: '/queue',
  validateSearch: queueSearch,
  component: ofPlatform(lazyScreen(() => import('./routes/queue.tsx'), 'Queue')),
});

const platform = createRoute({
  getParentRoute: () => signedIn,
  path: '/platform',
  component: ofPlatform(lazyScreen(() => import('./routes/platform.tsx'), 'Platform')),
});

const platformAuditLog = createRoute({
  getParentRoute: () => signedIn,
  path: '/platform/audit-log',
  validateSearch: platformAuditSearch,
  component: ofPlatform(lazyScreen(() => import('./routes/platform-audit-log.tsx'), 'PlatformAuditLog')),
});

const about = createRoute({
  getParentRoute: () => signedIn,
  path: '/about',
  component: ofPlatform(lazyScreen(() => import('./routes/about.tsx'), 'About')),
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/profile',
  component: lazyScreen(() => import('./routes/profile.tsx'), 'Profile'),
});

const ofAccount = [
  overview,
  webhooks,
  newWebhook,
  webhook,
  webhookEvents,
  deliveries,
  delivery,
  accountQueue,
  events,
  event,
  eventTypes,
  eventType,
  alerts,
  people,
  apiKeys,
  auditLog,
];

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    invitation,
    portal,
    signedIn.addChildren([
      home,
      account.addChildren(ofAccount),
      accounts,
      queue,
      platform,
      platformAuditLog,
      about,
      profile,
    ]),
  ]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

rememberSteps(router.history);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
