import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { Listed, useListing } from '../components/listing.tsx';
import { Panel } from '../components/page.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useMayChange } from '../session.ts';
import { CancelChosen } from './cancel-chosen.tsx';
import { useChoice } from './choice.ts';
import { chosenOf } from './chosen.ts';
import { ChosenBar } from './chosen-bar.tsx';
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
  const shown = listing.isPlaceholderData ? [] : (listing.data?.pages.flatMap(({ data }) => data) ?? []);
  const { count, waiting, ended, needReplay } = chosenOf(shown, chosen);
  const sendAgain = useSendAgainWithWord(account, () => setChosen(new Set()));
  return (
    <Panel>
      {mayChange && chosen.size > 0 && (
        <ChosenBar count={count} hint={needReplay ? t('deliveries.needReplay') : undefined}>
          <CancelChosen
            waiting={waiting.map((id) => ({ account, id }))}
            onDone={() => setChosen(new Set())}
          />
          <Button
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            disabled={ended.length === 0}
            loading={sendAgain.isPending}
            onClick={() => sendAgain.mutate(ended)}
          >
            {ended.length === 0
              ? t('deliveries.sendAgain')
              : t('deliveries.sendCountAgain', { count: ended.length })}
          </Button>
        </ChosenBar>
      )}
      <Listed
        listing={listing}
        empty={<NoDeliveries filtered={Object.keys(filter).length > 0} ofOne={webhookId !== undefined} />}
      >
        {(deliveries) => (
          <DeliveryTable
            account={account}
            deliveries={deliveries}
            choosing={mayChange ? { chosen, onChoose: setChosen } : undefined}
            saidAlready={webhookId === undefined ? undefined : 'webhook'}
          />
        )}
      </Listed>
    </Panel>
  );
}
