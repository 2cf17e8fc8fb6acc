import { useTranslation } from 'react-i18next';
import { Id } from '../components/copy.tsx';
import { Facts } from '../components/facts.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Due, Time } from '../components/time.tsx';
import { ToneBadge } from '../components/tone.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useWebhookById, type WebhookView } from '../data/webhooks.ts';

export function DeliveryFacts({ account, delivery }: { account: string; delivery: DeliveryView }) {
  const { t } = useTranslation();
  const webhook = useWebhookById(account)(delivery.webhookId);
  return (
    <Facts
      title={t('deliveries.one.facts')}
      facts={[
        [t('deliveries.one.subject'), delivery.subject],
        [
          t('deliveries.one.webhook'),
          <AnchorLink
            key="webhook"
            to="/accounts/$account/webhooks/$webhook"
            params={{ account, webhook: delivery.webhookId }}
            size="sm"
          >
            {webhook?.name || delivery.webhookId}
          </AnchorLink>,
        ],
        [
          t('deliveries.one.event'),
          <AnchorLink
            key="event"
            to="/accounts/$account/events/$event"
            params={{ account, event: delivery.eventId }}
            size="sm"
            className="mono"
          >
            {delivery.eventId}
          </AnchorLink>,
        ],
        [t('deliveries.one.made'), <Time key="made" at={delivery.createdAt} />],
        [t('deliveries.one.settled'), delivery.settledAt && <Time at={delivery.settledAt} />],
        [
          t('deliveries.one.next'),
          delivery.nextAttemptAt && <Next at={delivery.nextAttemptAt} webhook={webhook} />,
        ],
        [t('deliveries.one.replay'), delivery.replayId],
        [
          t('deliveries.one.supersededBy'),
          delivery.supersededBy && (
            <AnchorLink
              to="/accounts/$account/deliveries/$delivery"
              params={{ account, delivery: delivery.supersededBy }}
              size="sm"
              className="mono"
            >
              {delivery.supersededBy}
            </AnchorLink>
          ),
        ],
        [t('deliveries.one.id'), <Id key="id" id={delivery.id} />],
      ]}
    />
  );
}

/** What waits for a webhook that isn't active waits for that, whenever its time is. */
function Next({ at, webhook }: { at: string; webhook: WebhookView | undefined }) {
  const { t } = useTranslation();
  if (webhook === undefined || webhook.status === 'active') return <Due at={at} />;
  return <ToneBadge tone="quiet">{t(`common.webhookStatus.${webhook.status}`)}</ToneBadge>;
}
