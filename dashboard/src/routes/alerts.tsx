import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alertMessage, alertText } from '../alerts/alert-text.ts';
import { Recipients } from '../alerts/recipients.tsx';
import { accountPath } from '../api.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { type AlertView, useAcknowledge } from '../data/alerts.ts';
import { useWebhookById } from '../data/webhooks.ts';
import { alertsSearch } from '../search.ts';
import { useMayChange, useMe } from '../session.ts';

const STATUSES = ['open', 'acknowledged', 'resolved'] as const;

const route = getRouteApi('/signed-in/accounts/$account/alerts');

/** What somebody should look at. */
export function Alerts() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const { kind } = useMe();
  const { status: wanted } = route.useSearch();
  const navigate = route.useNavigate();
  const status = STATUSES.find((one) => one === wanted) ?? 'open';
  const listing = useListing<AlertView>(accountPath(account, 'alerts'), { status });
  return (
    <Page
      title={t('alerts.title')}
      lead={t('alerts.lead')}
      actions={
        <SegmentedControl
          aria-label={t('alerts.title')}
          value={status}
          onChange={(value) => void navigate({ search: alertsSearch({ status: value }) })}
          data={STATUSES.map((value) => ({ value, label: t(`alerts.tabs.${value}`) }))}
        />
      }
    >
      <Panel>
        <Listed listing={listing} empty={<NoAlerts />}>
          {(alerts) => <AlertTable account={account} alerts={alerts} />}
        </Listed>
      </Panel>
      {kind !== 'portal' && <Recipients account={account} />}
    </Page>
  );
}

function NoAlerts() {
  const { t } = useTranslation();
  return (
    <Empty title={t('alerts.empty.title')} icon={<IconBellCheck size={26} />}>
      {t('alerts.empty.text')}
    </Empty>
  );
}

function AlertTable({ account, alerts }: { account: string; alerts: readonly AlertView[] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('alerts.columns.what')}</Table.Th>
            <Table.Th>{t('alerts.columns.webhook')}</Table.Th>
            <Table.Th>{t('alerts.columns.times')}</Table.Th>
            <Table.Th>{t('alerts.columns.since')}</Table.Th>
            <Table.Th>{t('alerts.columns.last')}</Table.Th>
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} account={account} alert={alert} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function AlertRow({ account, alert }: { account: string; alert: AlertView }) {
  const { t } = useTranslation();
  const webhookById = useWebhookById(account);
  return (
    <Table.Tr>
      <Table.Td maw={420}>
        <Text size="sm" fw={550}>
          {alertText(t, alert)}
        </Text>
        <Text size="xs" c="dimmed" className="foreign">
          {alertMessage(t, alert)}
        </Text>
      </Table.Td>
      <Table.Td maw={200}>
        {alert.webhookId === null ? (
          '–'
        ) : (
          <AnchorLink
            to="/accounts/$account/webhooks/$webhook"
            params={{ account, webhook: alert.webhookId }}
            size="sm"
            className="cut"
          >
            {webhookById(alert.webhookId)?.name || alert.webhookId}
          </AnchorLink>
        )}
      </Table.Td>
      <Table.Td className="numbers">{alert.occurrences}</Table.Td>
      <Table.Td>
        <Time at={alert.createdAt} />
      </Table.Td>
      <Table.Td>
        <Time at={alert.lastAt} />
      </Table.Td>
      <Table.Td ta="right">
        <Acknowledge account={account} alert={alert} />
      </Table.Td>
    </Table.Tr>
  );
}

function Acknowledge({ account, alert }: { account: string; alert: AlertView }) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const acknowledge = useAcknowledge(account);
  if (!mayChange || alert.status !== 'open') return null;
  return (
    <Button
      size="xs"
      variant="default"
      loading={acknowledge.isPending}
      onClick={() => acknowledge.mutate(alert.id)}
    >
      {t('alerts.acknowledge')}
    </Button>
  );
}
