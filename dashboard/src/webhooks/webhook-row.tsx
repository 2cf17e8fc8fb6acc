import { Group, Stack, Table, Text, Tooltip } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { useShownTimes } from '../components/shown-times.ts';
import { Sparkline } from '../components/sparkline.tsx';
import { Due, duration, exactTime, Time, useNow } from '../components/time.tsx';
import type { WebhookStatisticsView } from '../data/statistics.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import { EventChips } from './event-chips.tsx';
import { LastFailure } from './last-failure.tsx';
import { MenuButton, type MenuButtonProps } from './menu-button.tsx';
import { WebhookBadge } from './webhook-badge.tsx';

interface Props extends MenuButtonProps {
  readonly account: string;
  readonly statistics: Statistics;
}

/** null: nothing was ever sent to it; undefined: they aren't read yet. */
type Statistics = WebhookStatisticsView | null | undefined;

/** A webhook, and how it fares. What doesn't change may not be made anew for it: then it is not drawn again. */
export const WebhookRow = memo(function WebhookRow({ account, statistics, ...menu }: Props) {
  const { t } = useTranslation();
  const { webhook } = menu;
  return (
    <Table.Tr>
      <Table.Td>
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
      <Table.Td>
        <Health account={account} webhook={webhook} />
      </Table.Td>
      <Table.Td>
        <EventChips events={webhook.events} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" className="cut">
          {webhook.channels.length === 0 ? t('webhooks.allChannels') : webhook.channels.join(', ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Day statistics={statistics} />
      </Table.Td>
      <Table.Td>
        {statistics !== undefined && <Time at={statistics?.lastAttemptAt ?? null} />}
        <Next webhook={webhook} at={statistics?.nextDueAt ?? null} />
      </Table.Td>
      <Table.Td>
        <MenuButton {...menu} />
      </Table.Td>
    </Table.Tr>
  );
});

/** The last 24 hours: the share of attempts that delivered, and how they were spread. */
function Day({ statistics }: { statistics: Statistics }) {
  const { t, i18n } = useTranslation();
  if (statistics === undefined) return null;
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
    <Group gap={6} wrap="nowrap">
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
  return <FailingSince at={failingSince} />;
}

/** For how long, or since when exactly: as the viewer wants times to be told. */
function FailingSince({ at }: { at: string }) {
  const { t, i18n } = useTranslation();
  const forMs = useNow() - Date.parse(at);
  const language = formatLocale(i18n.language);
  if (useShownTimes() === 'exact') {
    return (
      <>
        {t('webhooks.reasons.failingSince')} <Time at={at} />
      </>
    );
  }
  return (
    <Tooltip label={exactTime(at, language)}>
      <span>{t('webhooks.reasons.failingFor', { duration: duration(Math.max(0, forMs), language) })}</span>
    </Tooltip>
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
