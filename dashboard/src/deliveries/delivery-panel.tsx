import { Button, Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { Listed, useListing } from '../components/listing.tsx';
import { Panel } from '../components/page.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useMayChange } from '../session.ts';
import { useChoice } from './choice.ts';
import type { DeliveryFilter } from './delivery-filters.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { NoDeliveries } from './no-deliveries.tsx';
import { useSendAgainWithWord } from './send-again.ts';

interface Props {
  readonly account: string;
  readonly filter: DeliveryFilter;
  /** Only those to this one; undefined: those to all. */
  readonly webhookId?: string;
}

/** The deliveries a filter finds, to be chosen and sent again. */
export function DeliveryPanel({ account, filter, webhookId }: Props) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const query = webhookId === undefined ? { ...filter } : { ...filter, webhookId };
  const [chosen, setChosen] = useChoice(JSON.stringify([account, query]));
  const listing = useListing<DeliveryView>(accountPath(account, 'deliveries'), query);
  const sendAgain = useSendAgainWithWord(account, () => setChosen(new Set()));
  return (
    <Panel>
      {mayChange && chosen.size > 0 && (
        <Group px="md" py="xs" justify="space-between" style={{ borderBottom: '1px solid var(--wb-line)' }}>
          <Text size="sm">{t('deliveries.selected', { count: chosen.size })}</Text>
          <Button
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={sendAgain.isPending}
            onClick={() => sendAgain.mutate([...chosen])}
          >
            {t('deliveries.sendAgain')}
          </Button>
        </Group>
      )}
      <Listed listing={listing} empty={<NoDeliveries filtered={Object.keys(filter).length > 0} />}>
        {(deliveries) => (
          <DeliveryTable
            account={account}
            deliveries={deliveries}
            chosen={mayChange ? chosen : undefined}
            onChoose={setChosen}
            showWebhook={webhookId === undefined}
          />
        )}
      </Listed>
    </Panel>
  );
}
