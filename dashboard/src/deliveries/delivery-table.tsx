import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ChooseAll, ChooseOne, type Choosing } from '../components/choose.tsx';
import { AnchorLink } from '../components/links.tsx';
import { DeliveryStatusBadge } from '../components/status.tsx';
import { Due, duration, Time } from '../components/time.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useWebhookById } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import { lastFailureText } from './attempt-failure.ts';

/** What its webhook's schedule says something about; the others were ended by something else. */
const SCHEDULED: readonly DeliveryView['status'][] = ['pending', 'delivered', 'failed'];

interface Props {
  readonly account: string;
  readonly deliveries: readonly DeliveryView[];
  /** undefined where nobody may choose. */
  readonly choosing?: Choosing | undefined;
  /** Left out where all are of one webhook. */
  readonly showWebhook?: boolean;
}

export function DeliveryTable({ account, deliveries, choosing, showWebhook = true }: Props) {
  const { t, i18n } = useTranslation();
  const webhookById = useWebhookById(account);
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {choosing && <ChooseAll ids={deliveries.map(({ id }) => id)} {...choosing} />}
            <Table.Th>{t('deliveries.columns.status')}</Table.Th>
            <Table.Th>{t('deliveries.columns.event')}</Table.Th>
            <Table.Th>{t('deliveries.columns.subject')}</Table.Th>
            {showWebhook && <Table.Th>{t('deliveries.columns.webhook')}</Table.Th>}
            <Table.Th>{t('deliveries.columns.answer')}</Table.Th>
            <Table.Th>{t('deliveries.columns.took')}</Table.Th>
            <Table.Th>{t('deliveries.columns.attempts')}</Table.Th>
            <Table.Th>{t('deliveries.columns.last')}</Table.Th>
            <Table.Th>{t('deliveries.columns.created')}</Table.Th>
            <Table.Th>{t('deliveries.columns.next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              {choosing && <ChooseOne id={delivery.id} {...choosing} />}
              <Table.Td>
                <DeliveryStatusBadge status={delivery.status} retrying={delivery.attemptCount > 0} />
              </Table.Td>
              <Table.Td>
                <AnchorLink
                  to="/accounts/$account/deliveries/$delivery"
                  params={{ account, delivery: delivery.id }}
                  size="sm"
                  className="mono"
                >
                  {delivery.eventType}
                </AnchorLink>
              </Table.Td>
              <Table.Td maw={200}>
                <Text size="sm" className="cut">
                  {delivery.subject ?? '–'}
                </Text>
              </Table.Td>
              {showWebhook && (
                <Table.Td maw={200}>
                  <AnchorLink
                    to="/accounts/$account/webhooks/$webhook"
                    params={{ account, webhook: delivery.webhookId }}
                    size="sm"
                    className="cut"
                  >
                    {webhookById(delivery.webhookId)?.name || delivery.webhookId}
                  </AnchorLink>
                </Table.Td>
              )}
              <Table.Td maw={220}>
                <Answer delivery={delivery} />
              </Table.Td>
              <Table.Td className="numbers">
                {delivery.lastDurationMs === null
                  ? '–'
                  : duration(delivery.lastDurationMs, formatLocale(i18n.language))}
              </Table.Td>
              <Table.Td className="numbers">
                <Attempts
                  delivery={delivery}
                  schedule={webhookById(delivery.webhookId)?.effective?.retry.schedule}
                />
              </Table.Td>
              <Table.Td>
                {delivery.lastAttemptAt === null ? '–' : <Time at={delivery.lastAttemptAt} focusable />}
              </Table.Td>
              <Table.Td>
                <Time at={delivery.createdAt} />
              </Table.Td>
              <Table.Td>
                {delivery.nextAttemptAt === null ? '–' : <Due at={delivery.nextAttemptAt} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Answer({ delivery }: { delivery: DeliveryView }) {
  const { t } = useTranslation();
  if (delivery.lastAttemptAt === null) return <Dimmed text={t('deliveries.notTried')} />;
  if (delivery.lastStatusCode !== null) {
    return (
      <Text size="sm" className="numbers" title={lastFailureText(delivery) ?? undefined}>
        {delivery.lastStatusCode}
      </Text>
    );
  }
  return <Dimmed text={lastFailureText(delivery) ?? t('deliveries.noAnswer')} />;
}

function Attempts({
  delivery,
  schedule,
}: {
  delivery: DeliveryView;
  schedule: readonly number[] | undefined;
}) {
  const { t } = useTranslation();
  const sentByHandToo = schedule !== undefined && delivery.attemptCount > schedule.length + 1;
  if (schedule === undefined || sentByHandToo || !SCHEDULED.includes(delivery.status))
    return delivery.attemptCount;
  return t('deliveries.attemptsOf', { done: delivery.attemptCount, most: schedule.length + 1 });
}

function Dimmed({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed" className="cut" title={text}>
      {text}
    </Text>
  );
}
