import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ActionsHead } from '../components/actions-head.tsx';
import { ChooseAll, ChooseOne, type Choosing } from '../components/choose.tsx';
import { useLeadOn } from '../components/lead-on.ts';
import { AnchorLink } from '../components/links.tsx';
import { Due, Time } from '../components/time.tsx';
import { ToneBadge } from '../components/tone.tsx';
import type { QueuedDeliveryView, QueueOrder } from '../data/queue.ts';
import { lastFailureText } from '../deliveries/attempt-failure.ts';
import { QueueActions, QueuePriority } from './queue-actions.tsx';
import { isHeld, sectionsOf } from './sections.ts';

interface Props {
  /** In the order they are to be shown in. */
  readonly deliveries: readonly QueuedDeliveryView[];
  readonly order: QueueOrder;
  readonly showAccount: boolean;
  readonly mayChange: boolean;
  /** undefined where nobody may choose. */
  readonly choosing?: Choosing | undefined;
}

/** What waits, in sections by priority where that is the order. */
export function QueueTable(props: Props) {
  const { t } = useTranslation();
  const { deliveries, order, showAccount, choosing } = props;
  const leadOn = useLeadOn();
  const columns = 7 + (showAccount ? 1 : 0) + (choosing ? 1 : 0);
  return (
    <Table.ScrollContainer minWidth={showAccount ? 1080 : 940}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {choosing && <ChooseAll ids={deliveries.map(({ id }) => id)} {...choosing} />}
            <Table.Th>{t('queue.columns.due')}</Table.Th>
            <Table.Th>{t('queue.columns.priority')}</Table.Th>
            <Table.Th>{t('queue.columns.event')}</Table.Th>
            {showAccount && <Table.Th>{t('queue.columns.account')}</Table.Th>}
            <Table.Th>{t('queue.columns.webhook')}</Table.Th>
            <Table.Th>{t('queue.columns.uniqueKey')}</Table.Th>
            <Table.Th>{t('queue.columns.last')}</Table.Th>
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        {sectionsOf(deliveries, order).map(({ kind, waiting }) => (
          <Table.Tbody key={kind}>
            {kind !== 'all' && (
              <Table.Tr className="section">
                <Table.Th scope="rowgroup" colSpan={columns}>
                  {kind === 'held'
                    ? t('queue.sections.held')
                    : t('queue.sections.priority', { priority: kind })}
                </Table.Th>
              </Table.Tr>
            )}
            {waiting.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} leadOn={leadOn} {...props} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps extends Props {
  readonly delivery: QueuedDeliveryView;
  readonly leadOn: ReturnType<typeof useLeadOn>;
}

function Row({ delivery, showAccount, mayChange, choosing, leadOn }: RowProps) {
  return (
    <Table.Tr>
      {choosing && <ChooseOne id={delivery.id} {...choosing} />}
      <Table.Td>
        <DueCell delivery={delivery} />
      </Table.Td>
      <Table.Td>
        <QueuePriority delivery={delivery} mayChange={mayChange} leadOn={leadOn} />
      </Table.Td>
      <Table.Td maw={220}>
        <What delivery={delivery} />
      </Table.Td>
      {showAccount && (
        <Table.Td maw={160}>
          <AnchorLink
            to="/accounts/$account/queue"
            params={{ account: delivery.account }}
            size="sm"
            className="cut"
          >
            {delivery.account}
          </AnchorLink>
        </Table.Td>
      )}
      <Table.Td maw={200}>
        <AnchorLink
          to="/accounts/$account/webhooks/$webhook"
          params={{ account: delivery.account, webhook: delivery.webhookId }}
          size="sm"
          className="cut"
        >
          {delivery.webhookName || delivery.webhookId}
        </AnchorLink>
      </Table.Td>
      <Table.Td maw={160}>
        <Text size="xs" className="mono foreign" lineClamp={2} title={delivery.uniqueKey ?? undefined}>
          {delivery.uniqueKey ?? '–'}
        </Text>
      </Table.Td>
      <Table.Td maw={260}>
        <Last delivery={delivery} />
      </Table.Td>
      <Table.Td ta="right">{mayChange && <QueueActions delivery={delivery} leadOn={leadOn} />}</Table.Td>
    </Table.Tr>
  );
}

/** A webhook that isn't active keeps what is due from being sent, whenever it was to be. */
function DueCell({ delivery }: { delivery: QueuedDeliveryView }) {
  const { webhookStatus, nextAttemptAt } = delivery;
  const { t } = useTranslation();
  if (!isHeld(delivery)) return nextAttemptAt === null ? '–' : <Due at={nextAttemptAt} />;
  return (
    <Stack gap={2} align="flex-start">
      <Time at={nextAttemptAt} />
      <ToneBadge tone="quiet">{t(`common.webhookStatus.${webhookStatus}`)}</ToneBadge>
    </Stack>
  );
}

function What({ delivery }: { delivery: QueuedDeliveryView }) {
  return (
    <Stack gap={0} align="flex-start">
      <AnchorLink
        to="/accounts/$account/deliveries/$delivery"
        params={{ account: delivery.account, delivery: delivery.id }}
        size="sm"
        className="mono cut"
      >
        {delivery.eventType}
      </AnchorLink>
      {delivery.subject !== null && (
        <Text size="xs" c="dimmed" className="cut">
          {delivery.subject}
        </Text>
      )}
    </Stack>
  );
}

function Last({ delivery }: { delivery: QueuedDeliveryView }) {
  const { t } = useTranslation();
  const text = lastFailureText(delivery) ?? t('deliveries.notTried');
  return (
    <>
      <Text
        size="sm"
        className="cut"
        title={text}
        {...(delivery.lastFailureReason === null && { c: 'dimmed' })}
      >
        {text}
      </Text>
      {delivery.attemptCount > 0 && (
        <Text size="xs" c="dimmed">
          {t('queue.attempts', { count: delivery.attemptCount })}
        </Text>
      )}
    </>
  );
}
