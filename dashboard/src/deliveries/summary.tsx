import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Callout, type Tone } from '../components/tone.tsx';
import type { DeliveryWithAttempts } from '../data/deliveries.ts';
import { adviceFor } from './advice.ts';
import { Failure } from './failure.tsx';

const TONES: Readonly<Record<DeliveryWithAttempts['status'], Tone>> = {
  pending: 'busy',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'quiet',
  superseded: 'quiet',
};

/** What became of a delivery in a sentence, why, and what can be done about it. */
export function DeliverySummary({ delivery }: { delivery: DeliveryWithAttempts }) {
  const { t } = useTranslation();
  const last = delivery.attempts.at(-1);
  const retrying = delivery.status === 'pending' && delivery.attemptCount > 0;
  const failing = delivery.status === 'failed' || retrying;
  return (
    <Callout tone={retrying ? 'warn' : TONES[delivery.status]} title={useSentence(delivery)}>
      {delivery.statusReason && <Text size="sm">{t(`deliveries.reasons.${delivery.statusReason}`)}</Text>}
      {failing && last?.failureReason && (
        <Text size="sm" className="foreign">
          <Failure attempt={last} />
        </Text>
      )}
      {failing && last?.failureCode && (
        <Text size="sm">
          <strong>{t('deliveries.advice.title')}: </strong>
          {t(`deliveries.advice.${adviceFor(last.failureCode, last.statusCode)}`)}
        </Text>
      )}
    </Callout>
  );
}

function useSentence({ status, attemptCount }: DeliveryWithAttempts): string {
  const { t } = useTranslation();
  if (status === 'delivered') return t('deliveries.summary.delivered', { count: attemptCount });
  if (status === 'pending')
    return t(attemptCount > 0 ? 'deliveries.summary.waitingRetry' : 'deliveries.summary.waiting');
  return t(`deliveries.summary.${status}`);
}
