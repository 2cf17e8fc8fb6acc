import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFilterStep } from '../components/filter-step.ts';
import { Page } from '../components/page.tsx';
import { type DeliveryFilter, DeliveryFilters } from '../deliveries/delivery-filters.tsx';
import { DeliveryPanel } from '../deliveries/delivery-panel.tsx';
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
  const [replaying, setReplaying] = useState(false);
  const stepTo = useFilterStep(filter);
  const change = (next: DeliveryFilter) =>
    void navigate({ search: deliveriesSearch({ ...next }), ...stepTo(next) });
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
      {replaying && <ReplayForm account={account} filter={filter} onClose={() => setReplaying(false)} />}
      <RunningReplays account={account} />
      <DeliveryFilters account={account} filter={filter} onChange={change} />
      <DeliveryPanel account={account} filter={filter} />
    </Page>
  );
}
