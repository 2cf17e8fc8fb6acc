import { Button, Group, Text } from '@mantine/core';
import { IconRefresh, IconRepeat } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { useChoice } from '../deliveries/choice.ts';
import { type DeliveryFilter, DeliveryFilters } from '../deliveries/delivery-filters.tsx';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { NoDeliveries } from '../deliveries/no-deliveries.tsx';
import { useSendAgainWithWord } from '../deliveries/send-again.ts';
import { draftFrom } from '../replays/replay-draft.ts';
import { ReplayForm } from '../replays/replay-form.tsx';
import { RunningReplays } from '../replays/replay-list.tsx';
import { deliveriesSearch } from '../search.ts';
import { useMayChange } from '../session.ts';

const route = getRouteApi('/signed-in/accounts/$account/deliveries');

/** All deliveries of an account, newest first. */
export function Deliveries() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = useMayChange(account);
  const [chosen, setChosen] = useChoice(JSON.stringify([account, filter]));
  const [replaying, setReplaying] = useState(false);
  const listing = useListing<DeliveryView>(accountPath(account, 'deliveries'), { ...filter });
  const sendAgain = useSendAgainWithWord(account, () => setChosen(new Set()));
  const change = (next: DeliveryFilter) =>
    void navigate({ search: deliveriesSearch({ ...next }), replace: true });
  return (
    <Page
      title={t('deliveries.title')}
      lead={t('deliveries.lead')}
      actions={
        mayChange && (
          <Button
            variant="default"
            leftSection={<IconRepeat size={16} aria-hidden />}
            onClick={() => setReplaying(true)}
          >
            {t('replays.open')}
          </Button>
        )
      }
    >
      {replaying && (
        <ReplayForm account={account} initial={draftFrom(filter)} onClose={() => setReplaying(false)} />
      )}
      <RunningReplays account={account} />
      <DeliveryFilters account={account} filter={filter} onChange={change} />
      <Panel>
        {chosen.size > 0 && (
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
            />
          )}
        </Listed>
      </Panel>
    </Page>
  );
}
