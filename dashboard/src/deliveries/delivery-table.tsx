import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ChooseAll, ChooseOne, type Choosing } from '../components/choose.tsx';
import { AnchorLink } from '../components/links.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useWebhookById, type WebhookView } from '../data/webhooks.ts';
import { Answer, Attempts, DeliveryLink, Next, Standing, Times } from './delivery-cells.tsx';

/** What a list needs not say of each delivery, as the page around it does of all. */
type SaidAlready = 'webhook' | 'event';

interface Props {
  readonly account: string;
  readonly deliveries: readonly DeliveryView[];
  /** undefined where nobody may choose. */
  readonly choosing?: Choosing | undefined;
  /** undefined: nothing. */
  readonly saidAlready?: SaidAlready | undefined;
}

/** Below this the columns are scrolled rather than squeezed. */
const LEAST_WIDTH = { all: 900, webhook: 760, event: 620 } as const;

export function DeliveryTable({ account, deliveries, choosing, saidAlready }: Props) {
  const { t } = useTranslation();
  const webhookById = useWebhookById(account);
  return (
    <Table.ScrollContainer minWidth={LEAST_WIDTH[saidAlready ?? 'all']}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {choosing && <ChooseAll ids={deliveries.map(({ id }) => id)} {...choosing} />}
            <Table.Th>{t('deliveries.columns.status')}</Table.Th>
            {saidAlready !== 'event' && <Table.Th>{t('deliveries.columns.event')}</Table.Th>}
            {saidAlready !== 'event' && <Table.Th>{t('deliveries.columns.subject')}</Table.Th>}
            {saidAlready !== 'webhook' && <Table.Th>{t('deliveries.columns.webhook')}</Table.Th>}
            <Table.Th>{t('deliveries.columns.answer')}</Table.Th>
            <Table.Th>{t('deliveries.columns.attempts')}</Table.Th>
            <Table.Th>{t('deliveries.columns.created')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <Table.Tr key={delivery.id}>
              {choosing && <ChooseOne id={delivery.id} {...choosing} />}
              <Cells
                account={account}
                delivery={delivery}
                webhook={webhookById(delivery.webhookId)}
                saidAlready={saidAlready}
              />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface CellsProps {
  readonly account: string;
  readonly delivery: DeliveryView;
  readonly webhook: WebhookView | undefined;
  readonly saidAlready: SaidAlready | undefined;
}

function Cells({ account, delivery, webhook, saidAlready }: CellsProps) {
  return (
    <>
      <Table.Td>
        {saidAlready === 'event' ? (
          <DeliveryLink account={account} delivery={delivery}>
            <Standing delivery={delivery} />
          </DeliveryLink>
        ) : (
          <Standing delivery={delivery} />
        )}
        <Next delivery={delivery} webhook={webhook} />
      </Table.Td>
      {saidAlready !== 'event' && <WhatHappened account={account} delivery={delivery} />}
      {saidAlready !== 'webhook' && (
        <Table.Td maw={saidAlready === 'event' ? 130 : 150}>
          <AnchorLink
            to="/accounts/$account/webhooks/$webhook"
            params={{ account, webhook: delivery.webhookId }}
            size="sm"
            className="cut"
            title={webhook?.name}
          >
            {webhook?.name || delivery.webhookId}
          </AnchorLink>
        </Table.Td>
      )}
      <Table.Td maw={140} className="numbers">
        <Answer delivery={delivery} />
      </Table.Td>
      <Table.Td className="numbers">
        <Attempts delivery={delivery} webhook={webhook} />
      </Table.Td>
      <Table.Td>
        <Times delivery={delivery} />
      </Table.Td>
    </>
  );
}

function WhatHappened({ account, delivery }: { account: string; delivery: DeliveryView }) {
  return (
    <>
      <Table.Td>
        <DeliveryLink account={account} delivery={delivery} className="mono">
          {delivery.eventType}
        </DeliveryLink>
      </Table.Td>
      <Table.Td maw={150}>
        <Text size="sm" className="cut" title={delivery.subject ?? undefined}>
          {delivery.subject ?? '–'}
        </Text>
      </Table.Td>
    </>
  );
}
