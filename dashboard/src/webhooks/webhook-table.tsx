import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, type Ref, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionsHead } from '../components/actions-head.tsx';
import { useShownTimes } from '../components/shown-times.ts';
import { webhookStatisticsQuery } from '../data/statistics.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { type Chosen, WebhookMenu } from './webhook-menu.tsx';
import { WebhookRow } from './webhook-row.tsx';

interface Props {
  readonly account: string;
  readonly webhooks: readonly WebhookView[];
  readonly rows: Ref<HTMLTableSectionElement>;
}

/** What the columns take doesn't depend on which rows there are: or they would move whenever these are read again. */
const TIME_WIDTH = { relative: 108, exact: 172 } as const;

/** Its rows share one menu, and each is drawn again only when it has changed: there may be hundreds. */
export const WebhookTable = memo(function WebhookTable({ account, webhooks, rows }: Props) {
  const { t } = useTranslation();
  const { data: statistics } = useQuery(webhookStatisticsQuery(account));
  const timeWidth = TIME_WIDTH[useShownTimes()];
  const [chosen, setChosen] = useState<Chosen>();
  const [opened, setOpened] = useState(false);
  const open = useCallback((webhook: WebhookView, button: HTMLElement) => {
    setChosen({ webhook, button: { current: button } });
    setOpened(true);
  }, []);
  const close = useCallback(() => setOpened(false), []);
  const current = webhooks.find(({ id }) => id === chosen?.webhook.id);
  // With its row goes its menu.
  if (opened && current === undefined) setOpened(false);
  return (
    <>
      {webhooks.length > 0 && (
        <Table.ScrollContainer minWidth={980 + timeWidth - TIME_WIDTH.relative}>
          <Table layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="19%">{t('webhooks.columns.name')}</Table.Th>
                <Table.Th w="18.5%">{t('webhooks.columns.status')}</Table.Th>
                <Table.Th>{t('webhooks.columns.events')}</Table.Th>
                <Table.Th w={112}>{t('webhooks.columns.channels')}</Table.Th>
                <Table.Th w={188}>{t('webhooks.columns.day')}</Table.Th>
                <Table.Th w={timeWidth}>{t('webhooks.columns.last')}</Table.Th>
                <ActionsHead w={50} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody ref={rows}>
              {webhooks.map((webhook) => (
                <WebhookRow
                  key={webhook.id}
                  account={account}
                  webhook={webhook}
                  statistics={statistics && (statistics[webhook.id] ?? null)}
                  opened={opened && webhook === current}
                  onOpen={open}
                  onClose={close}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <WebhookMenu
        account={account}
        chosen={chosen && current ? { ...chosen, webhook: current } : chosen}
        opened={opened}
        onClose={close}
      />
    </>
  );
});
