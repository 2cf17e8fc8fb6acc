import { Group, Stack, Text, Timeline } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Code } from '../components/code.tsx';
import { Disclosure, LazyDisclosure } from '../components/disclosure.tsx';
import { prettyJson } from '../components/pretty-json.ts';
import { duration, Time } from '../components/time.tsx';
import { ToneBadge } from '../components/tone.tsx';
import type { AttemptView, DeliveryWithAttempts } from '../data/deliveries.ts';
import { formatLocale } from '../i18n.ts';
import { Failure } from './failure.tsx';
import { RequestView } from './request-view.tsx';

/** The attempts of a delivery, the last one first: that is the one people come for. */
export function AttemptTimeline({ account, delivery }: { account: string; delivery: DeliveryWithAttempts }) {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={delivery.attempts.length}>
      {delivery.attempts.toReversed().map((attempt, index) => (
        <Timeline.Item
          key={attempt.id}
          color={attempt.outcome === 'delivered' ? 'teal' : 'red'}
          bullet={
            attempt.outcome === 'delivered' ? (
              <IconCheck size={14} aria-hidden />
            ) : (
              <IconX size={14} aria-hidden />
            )
          }
          title={<Title attempt={attempt} />}
        >
          <Attempt account={account} deliveryId={delivery.id} attempt={attempt} isLast={index === 0} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function Title({ attempt }: { attempt: AttemptView }) {
  const { t, i18n } = useTranslation();
  return (
    <Group gap="xs">
      <Text fw={600} size="sm">
        {t('deliveries.one.attempt', { number: attempt.number })}
      </Text>
      <ToneBadge tone={attempt.outcome === 'delivered' ? 'good' : 'bad'}>
        {attempt.statusCode ?? t('deliveries.noAnswer')}
      </ToneBadge>
      <Text size="sm" c="dimmed">
        <Time at={attempt.startedAt} /> ·{' '}
        {t('deliveries.one.took', { duration: duration(attempt.durationMs, formatLocale(i18n.language)) })}
      </Text>
    </Group>
  );
}

interface AttemptProps {
  readonly account: string;
  readonly deliveryId: string;
  readonly attempt: AttemptView;
  readonly isLast: boolean;
}

function Attempt({ account, deliveryId, attempt, isLast }: AttemptProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" mt={4}>
      <Text size="sm" className="foreign">
        <Failure attempt={attempt} />
      </Text>
      <Text size="xs" c="dimmed" className="mono foreign">
        POST {attempt.url}
      </Text>
      <LazyDisclosure label={t('deliveries.one.request')}>
        {() => <RequestView account={account} deliveryId={deliveryId} attempt={attempt} />}
      </LazyDisclosure>
      <Response attempt={attempt} open={isLast} />
    </Stack>
  );
}

function Response({ attempt, open }: { attempt: AttemptView; open: boolean }) {
  const { t } = useTranslation();
  const { responseBody, responseHeaders, responseTruncated } = attempt;
  if (responseBody === null && responseHeaders === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('deliveries.one.noResponse')}
      </Text>
    );
  }
  return (
    <Disclosure label={t('deliveries.one.response')} open={open}>
      <Stack gap="xs">
        {responseBody !== null && (
          <Code title={t('deliveries.one.responseBody')} text={prettyJson(responseBody)} maxHeight={240} />
        )}
        {responseTruncated && (
          <Text size="xs" c="dimmed">
            {t('deliveries.one.truncated')}
          </Text>
        )}
        {responseHeaders && (
          <Code
            title={t('deliveries.one.responseHeaders')}
            text={headerText(responseHeaders)}
            maxHeight={200}
          />
        )}
      </Stack>
    </Disclosure>
  );
}

function headerText(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
