import type { Endpoint } from './endpoint.ts';
import { aboutEndpoints } from './routes/about.ts';
import { accountEndpoints } from './routes/accounts.ts';
import { alertRecipientEndpoints } from './routes/alert-recipients.ts';
import { alertEndpoints } from './routes/alerts.ts';
import { apiKeyEndpoints } from './routes/api-keys.ts';
import { auditLogEndpoints } from './routes/audit-log.ts';
import { catalogEndpoints } from './routes/catalogs.ts';
import { channelEndpoints } from './routes/channels.ts';
import { codeExampleEndpoints } from './routes/code-examples.ts';
import { deliveryEndpoints } from './routes/deliveries.ts';
import { descriptionEndpoints } from './routes/descriptions.ts';
import { eventTypeChangeEndpoints } from './routes/event-type-changes.ts';
import { eventTypeEndpoints } from './routes/event-types.ts';
import { eventEndpoints } from './routes/events.ts';
import { healthEndpoints } from './routes/health.ts';
import { invitationEndpoints } from './routes/invitations.ts';
import { missedEndpoints } from './routes/missed.ts';
import { portalEndpoints } from './routes/portal.ts';
import { profileEndpoints } from './routes/profiles.ts';
import { queueEndpoints } from './routes/queue.ts';
import { replayEndpoints } from './routes/replays.ts';
import { sessionEndpoints } from './routes/sessions.ts';
import { setupEndpoints } from './routes/setup.ts';
import { statisticsEndpoints } from './routes/statistics.ts';
import { userEndpoints } from './routes/users.ts';
import { webhookEndpoints } from './routes/webhooks.ts';
import { whatIfEndpoints } from './routes/what-if.ts';

/** All of the API, in the order it is documented. */
export const endpoints: readonly Endpoint[] = [
  ...eventEndpoints,
  ...webhookEndpoints,
  ...missedEndpoints,
  ...whatIfEndpoints,
  ...deliveryEndpoints,
  ...queueEndpoints,
  ...replayEndpoints,
  ...statisticsEndpoints,
  ...alertEndpoints,
  ...alertRecipientEndpoints,
  ...channelEndpoints,
  ...eventTypeEndpoints,
  ...eventTypeChangeEndpoints,
  ...catalogEndpoints,
  ...profileEndpoints,
  ...codeExampleEndpoints,
  ...descriptionEndpoints,
  ...accountEndpoints,
  ...apiKeyEndpoints,
  ...sessionEndpoints,
  ...setupEndpoints,
  ...userEndpoints,
  ...invitationEndpoints,
  ...portalEndpoints,
  ...auditLogEndpoints,
  ...aboutEndpoints,
  ...healthEndpoints,
];
