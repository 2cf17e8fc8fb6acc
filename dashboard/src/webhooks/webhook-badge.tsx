import { useTranslation } from 'react-i18next';
import { WebhookStatusBadge } from '../components/status.tsx';
import { ToneBadge } from '../components/tone.tsx';
import type { WebhookView } from '../data/webhooks.ts';

/** How a webhook fares. One that is active isn't well as long as nothing has arrived since an attempt failed. */
export function WebhookBadge({ webhook: { status, health, lastFailure } }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  if (status === 'active' && health === 'healthy' && lastFailure !== null) {
    return <ToneBadge tone="warn">{t('webhooks.lastFailure.badge')}</ToneBadge>;
  }
  return <WebhookStatusBadge status={status} health={health} />;
}
