import { IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Tone, ToneBadge } from './tone.tsx';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'cancelled' | 'superseded';

const DELIVERY: Readonly<Record<DeliveryStatus, Tone>> = {
  pending: 'busy',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'quiet',
  superseded: 'quiet',
};

/** @param retrying whether it has failed before, and waits for its next attempt */
export function DeliveryStatusBadge({ status, retrying }: { status: DeliveryStatus; retrying?: boolean }) {
  const { t } = useTranslation();
  if (status === 'pending' && retrying)
    return <ToneBadge tone="warn">{t('common.status.retrying')}</ToneBadge>;
  return <ToneBadge tone={DELIVERY[status]}>{t(`common.status.${status}`)}</ToneBadge>;
}

export type WebhookStatus = 'active' | 'paused' | 'disabled';

export function WebhookStatusBadge({
  status,
  health,
}: {
  status: WebhookStatus;
  health: 'healthy' | 'failing';
}) {
  const { t } = useTranslation();
  if (status === 'paused') {
    return (
      <ToneBadge tone="quiet" icon={IconPlayerPause}>
        {t('common.webhookStatus.paused')}
      </ToneBadge>
    );
  }
  if (status === 'disabled') return <ToneBadge tone="bad">{t('common.webhookStatus.disabled')}</ToneBadge>;
  if (health === 'failing') return <ToneBadge tone="warn">{t('common.webhookStatus.failing')}</ToneBadge>;
  return <ToneBadge tone="good">{t('common.webhookStatus.active')}</ToneBadge>;
}
