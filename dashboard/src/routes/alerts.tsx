import { Button, SegmentedControl, Table, Text } from '@mantine/core';
import { IconBellCheck } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alertMessage, alertText } from '../alerts/alert-text.ts';
import { Recipients } from '../alerts/recipients.tsx';
import { accountPath } from '../api.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { besideRow, useLeadOn } from '../components/lead-on.ts';
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

type Status = (typeof STATUSES)[number];

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
  const leadOn = useLeadOn();
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
          {(alerts) => <AlertTable account={account} alerts={alerts} status={status} leadOn={leadOn} />}
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

interface TableProps {
  readonly account: string;
  readonly alerts: readonly AlertView[];
  /** That of all of them. */
  readonly status: Status;
  readonly leadOn: ReturnType<typeof useLeadOn>;
}

function AlertTable({ account, alerts, status, leadOn }: TableProps) {
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
            {status === 'open' ? <ActionsHead /> : <Table.Th>{t(ENDED[status])}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {alerts.map((alert) => (
            <AlertRow key={alert.id} account={account} alert={alert} status={status} leadOn={leadOn} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const ENDED = { acknowledged: 'alerts.columns.seen', resolved: 'alerts.columns.ended' } as const;

interface RowProps extends Omit<TableProps, 'alerts'> {
  readonly alert: AlertView;
}

function AlertRow({ account, alert, status, leadOn }: RowProps) {
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
        {alert.deliveryId !== null && (
          <AnchorLink
            to="/accounts/$account/deliveries/$delivery"
            params={{ account, delivery: alert.deliveryId }}
            size="xs"
          >
            {t('alerts.delivery')}
          </AnchorLink>
        )}
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
      {status === 'open' ? (
        <Table.Td ta="right">
          <Acknowledge account={account} alert={alert} leadOn={leadOn} />
        </Table.Td>
      ) : (
        <Table.Td>
          <Time at={status === 'resolved' ? alert.resolvedAt : alert.acknowledgedAt} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function Acknowledge({ account, alert, leadOn }: Omit<RowProps, 'status'>) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const acknowledge = useAcknowledge(account);
  if (!mayChange || alert.status !== 'open') return null;
  return (
    <Button
      size="xs"
      variant="default"
      loading={acknowledge.isPending}
      onClick={(event) => {
        const next = besideRow(event.currentTarget);
        leadOn(event.currentTarget, () => next);
        acknowledge.mutate(alert.id);
      }}
    >
      {t('alerts.acknowledge')}
    </Button>
  );
}
