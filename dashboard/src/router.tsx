import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiProblem } from './api.ts';
import { Failed, Loading } from './components/states.tsx';
import { homeOf } from './layout/home.ts';
import { NotFound } from './layout/not-found.tsx';
import { createSessionEnd, tellOfFailure } from './layout/session-end.ts';
import { Shell } from './layout/shell.tsx';
import { createQueryClient } from './query-client.ts';
import {
  accountQueueSearch,
  deliveriesSearch,
  eventsSearch,
  portalSearch,
  queueSearch,
  webhookEventsSearch,
} from './search.ts';
import { meQuery } from './session.ts';

export const queryClient = createQueryClient({
  sessionEnded: createSessionEnd(
    () => router,
    () => queryClient,
  ),
  changeFailed: tellOfFailure,
});

const root = createRootRouteWithContext()({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./routes/sign-in.tsx'), 'SignIn'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./routes/setup.tsx'), 'Setup'),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./routes/invitation.tsx'), 'Invitation'),
});

const portal = createRoute({
  getParentRoute: () => root,
  path: '/portal',
  validateSearch: portalSearch,
  component: lazyRouteComponent(() => import('./routes/portal.tsx'), 'Portal'),
});

/** Everything that only somebody who has signed in sees. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    try {
      return { me: await queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
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
  component: Outlet,
});

const overview = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyRouteComponent(() => import('./routes/overview.tsx'), 'Overview'),
});

const webhooks = createRoute({
  getParentRoute: () => account,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./routes/webhooks.tsx'), 'Webhooks'),
});

const newWebhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/new',
  component: lazyRouteComponent(() => import('./routes/new-webhook.tsx'), 'NewWebhook'),
});

const webhook = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhook',
  component: lazyRouteComponent(() => import('./routes/webhook.tsx'), 'Webhook'),
});

const webhookEvents = createRoute({
  getParentRoute: () => account,
  path: '/webhooks/$webhook/events',
  validateSearch: webhookEventsSearch,
  component: lazyRouteComponent(() => import('./routes/webhook-events.tsx'), 'WebhookEvents'),
});

const deliveries = createRoute({
  getParentRoute: () => account,
  path: '/deliveries',
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import('./routes/deliveries.tsx'), 'Deliveries'),
});

const delivery = createRoute({
  getParentRoute: () => account,
  path: '/deliveries/$delivery',
  component: lazyRouteComponent(() => import('./routes/delivery.tsx'), 'Delivery'),
});

const accountQueue = createRoute({
  getParentRoute: () => account,
  path: '/queue',
  validateSearch: accountQueueSearch,
  component: lazyRouteComponent(() => import('./routes/account-queue.tsx'), 'AccountQueue'),
});

const events = createRoute({
  getParentRoute: () => account,
  path: '/events',
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import('./routes/events.tsx'), 'Events'),
});

const event = createRoute({
  getParentRoute: () => account,
  path: '/events/$event',
  component: lazyRouteComponent(() => import('./routes/event.tsx'), 'Event'),
});

const eventTypes = createRoute({
  getParentRoute: () => account,
  path: '/event-types',
  component: lazyRouteComponent(() => import('./routes/event-types.tsx'), 'EventTypes'),
});

const eventType = createRoute({
  getParentRoute: () => account,
  path: '/event-types/$eventType',
  component: lazyRouteComponent(() => import('./routes/event-type.tsx'), 'EventType'),
});

const alerts = createRoute({
  getParentRoute: () => account,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./routes/alerts.tsx'), 'Alerts'),
});

const people = createRoute({
  getParentRoute: () => account,
  path: '/people',
  component: lazyRouteComponent(() => import('./routes/people.tsx'), 'People'),
});

const apiKeys = createRoute({
  getParentRoute: () => account,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./routes/api-keys.tsx'), 'ApiKeys'),
});

const auditLog = createRoute({
  getParentRoute: () => account,
  path: '/audit-log',
  component: lazyRouteComponent(() => import('./routes/audit-log.tsx'), 'AuditLog'),
});

const accounts = createRoute({
  getParentRoute: () => signedIn,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./routes/accounts.tsx'), 'Accounts'),
});

const queue = createRoute({
  getParentRoute: () => signedIn,
  path: '/queue',
  validateSearch: queueSearch,
  component: lazyRouteComponent(() => import('./routes/queue.tsx'), 'Queue'),
});

const platform = createRoute({
  getParentRoute: () => signedIn,
  path: '/platform',
  component: lazyRouteComponent(() => import('./routes/platform.tsx'), 'Platform'),
});

const platformAuditLog = createRoute({
  getParentRoute: () => signedIn,
  path: '/platform/audit-log',
  component: lazyRouteComponent(() => import('./routes/platform-audit-log.tsx'), 'PlatformAuditLog'),
});

const about = createRoute({
  getParentRoute: () => signedIn,
  path: '/about',
  component: lazyRouteComponent(() => import('./routes/about.tsx'), 'About'),
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: '/profile',
  component: lazyRouteComponent(() => import('./routes/profile.tsx'), 'Profile'),
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
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
