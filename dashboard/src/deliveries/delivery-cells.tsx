import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { DeliveryStatusBadge } from '../components/status.tsx';
import { Due, duration, Time } from '../components/time.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import { lastFailureText } from './attempt-failure.ts';

/** What its webhook's schedule says something about; the others were ended by something else. */
const SCHEDULED: readonly DeliveryView['status'][] = ['pending', 'delivered', 'failed'];
/** An attempt this soon after the delivery was made is told by when it was made. */
const AT_ONCE_MS = 60_000;

interface Props {
  readonly delivery: DeliveryView;
}

interface OfWebhook extends Props {
  /** undefined while it is read, and where it is gone. */
  readonly webhook: WebhookView | undefined;
}

export function Standing({ delivery }: Props) {
  return <DeliveryStatusBadge status={delivery.status} retrying={delivery.attemptCount > 0} />;
}

/** When something that waits is tried next, or what keeps it. */
export function Next({ delivery: { status, nextAttemptAt: at }, webhook }: OfWebhook) {
  const { t } = useTranslation();
  if (status !== 'pending') return null;
  // Whatever time it has, nothing is sent before its webhook is.
  if (webhook && webhook.status !== 'active')
    return <Below>{t(`common.webhookStatus.${webhook.status}`)}</Below>;
  if (at === null) return null;
  return (
    <Below>
      {t('deliveries.next')} <Due at={at} />
    </Below>
  );
}

/** When it was made, and when it was tried last where that was later. */
export function Times({ delivery: { createdAt, lastAttemptAt } }: Props) {
  const { t } = useTranslation();
  const later = lastAttemptAt !== null && Date.parse(lastAttemptAt) - Date.parse(createdAt) >= AT_ONCE_MS;
  return (
    <>
      <Time at={createdAt} focusable />
      {later && (
        <Below>
          {t('deliveries.tried')} <Time at={lastAttemptAt} focusable />
        </Below>
      )}
    </>
  );
}

/** What the last attempt got, and how long that took. */
export function Answer({ delivery }: Props) {
  const { t, i18n } = useTranslation();
  if (delivery.lastAttemptAt === null) return <Dimmed text={t('deliveries.notTried')} />;
  const failure = lastFailureText(delivery);
  const { lastStatusCode, lastDurationMs } = delivery;
  if (lastStatusCode === null) return <Dimmed text={failure ?? t('deliveries.noAnswer')} />;
  return (
    <Text size="sm" title={failure ?? undefined}>
      {lastStatusCode}{' '}
      {lastDurationMs !== null && (
        <span className="quiet">· {duration(lastDurationMs, formatLocale(i18n.language))}</span>
      )}
    </Text>
  );
}

export function Attempts({ delivery, webhook }: OfWebhook) {
  const { t } = useTranslation();
  const schedule = webhook?.effective?.retry.schedule;
  const sentByHandToo = schedule !== undefined && delivery.attemptCount > schedule.length + 1;
  if (schedule === undefined || sentByHandToo || !SCHEDULED.includes(delivery.status))
    return delivery.attemptCount;
  return t('deliveries.attemptsOf', { done: delivery.attemptCount, most: schedule.length + 1 });
}

interface LinkProps extends Props {
  readonly account: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function DeliveryLink({ account, delivery, children, ...rest }: LinkProps) {
  return (
    <AnchorLink
      to="/accounts/$account/deliveries/$delivery"
      params={{ account, delivery: delivery.id }}
      size="sm"
      {...rest}
    >
      {children}
    </AnchorLink>
  );
}

function Below({ children }: { children: ReactNode }) {
  return (
    <Text component="div" size="xs" c="dimmed" mt={2} className="one-line">
      {children}
    </Text>
  );
}

function Dimmed({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed" className="cut" title={text}>
      {text}
    </Text>
  );
}
