import { Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ActionsHead } from '../components/actions-head.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Sparkline } from '../components/sparkline.tsx';
import { Due, Time } from '../components/time.tsx';
import { type WebhookStatisticsView, webhookStatisticsQuery } from '../data/statistics.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import { EventChips } from './event-chips.tsx';
import { LastFailure } from './last-failure.tsx';
import { WebhookBadge } from './webhook-badge.tsx';
import { WebhookMenu } from './webhook-menu.tsx';

interface Props {
  readonly account: string;
  readonly webhooks: readonly WebhookView[];
}

export function WebhookTable({ account, webhooks }: Props) {
  const { t } = useTranslation();
  const { data: statistics } = useQuery(webhookStatisticsQuery(account));
  return (
    <Table.ScrollContainer minWidth={980}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('webhooks.columns.name')}</Table.Th>
            <Table.Th>{t('webhooks.columns.status')}</Table.Th>
            <Table.Th>{t('webhooks.columns.events')}</Table.Th>
            <Table.Th>{t('webhooks.columns.channels')}</Table.Th>
            <Table.Th>{t('webhooks.columns.day')}</Table.Th>
            <Table.Th>{t('webhooks.columns.last')}</Table.Th>
            <ActionsHead w={50} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {webhooks.map((webhook) => (
            <Table.Tr key={webhook.id}>
              <Table.Td maw={220}>
                <AnchorLink
                  to="/accounts/$account/webhooks/$webhook"
                  params={{ account, webhook: webhook.id }}
                  fw={550}
                  size="sm"
                  className="cut"
                >
                  {webhook.name || t('webhooks.unnamed')}
                </AnchorLink>
                <Text size="xs" c="dimmed" className="cut" display="block" title={webhook.url}>
                  {webhook.url}
                </Text>
              </Table.Td>
              <Table.Td maw={260}>
                <Health account={account} webhook={webhook} />
              </Table.Td>
              <Table.Td miw={170}>
                <EventChips events={webhook.events} />
              </Table.Td>
              <Table.Td maw={120}>
                <Text size="sm" className="cut">
                  {webhook.channels.length === 0 ? t('webhooks.allChannels') : webhook.channels.join(', ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Day statistics={statistics?.get(webhook.id)} />
              </Table.Td>
              <Table.Td>
                <Time at={statistics?.get(webhook.id)?.lastAttemptAt ?? null} />
                <Next webhook={webhook} at={statistics?.get(webhook.id)?.nextDueAt ?? null} />
              </Table.Td>
              <Table.Td>
                <WebhookMenu account={account} webhook={webhook} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The last 24 hours: the share of attempts that delivered, and how they were spread. */
function Day({ statistics }: { statistics: WebhookStatisticsView | undefined }) {
  const { t, i18n } = useTranslation();
  if (!statistics || statistics.delivered + statistics.failed === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('webhooks.quiet')}
      </Text>
    );
  }
  const { delivered, failed, hours } = statistics;
  const percent = new Intl.NumberFormat(formatLocale(i18n.language), {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  const share = percent.format(delivered / (delivered + failed));
  return (
    <Group gap="xs" wrap="nowrap">
      <Sparkline spans={hours} label={t('webhooks.day', { share, delivered, failed })} />
      <Text size="xs" className="numbers">
        {share}
      </Text>
    </Group>
  );
}

function Health({ account, webhook }: { account: string; webhook: WebhookView }) {
  return (
    <Stack gap={2} align="flex-start">
      <WebhookBadge webhook={webhook} />
      <Text size="xs" c="dimmed" component="div">
        <Reason webhook={webhook} />
      </Text>
      <Text size="xs" c="dimmed" component="div">
        <LastFailure account={account} webhook={webhook} />
      </Text>
    </Stack>
  );
}

function Reason({ webhook: { status, disabledReason, health, failingSince } }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  if (status === 'disabled' && disabledReason !== null) return t(`webhooks.reasons.${disabledReason}`);
  if (health !== 'failing' || failingSince === null) return null;
  return (
    <>
      {t('webhooks.reasons.failingSince')} <Time at={failingSince} />
    </>
  );
}

/** What waits for a webhook that isn't active is due whenever it is again. */
function Next({ webhook, at }: { webhook: WebhookView; at: string | null }) {
  const { t } = useTranslation();
  if (at === null || webhook.status !== 'active') return null;
  return (
    <Text size="xs" c="dimmed">
      {t('webhooks.columns.next')}: <Due at={at} />
    </Text>
  );
}
