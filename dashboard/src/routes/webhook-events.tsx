import { Button, Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { ButtonLink } from '../components/links.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { webhookQuery } from '../data/webhooks.ts';
import { useChoice } from '../deliveries/choice.ts';
import { type DeliveryFilter, DeliveryFilters } from '../deliveries/delivery-filters.tsx';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { NoDeliveries } from '../deliveries/no-deliveries.tsx';
import { useSendAgainWithWord } from '../deliveries/send-again.ts';
import { webhookEventsSearch } from '../search.ts';
import { useMayChange } from '../session.ts';
import { BackToWebhooks } from '../webhooks/back.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks/$webhook/events');

/** What went to one webhook. */
export function WebhookEvents() {
  const { t } = useTranslation();
  const { account, webhook: webhookId } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = useMayChange(account);
  const { data: webhook } = useQuery(webhookQuery(account, webhookId));
  const [chosen, setChosen] = useChoice(JSON.stringify([account, webhookId, filter]));
  const listing = useListing<DeliveryView>(accountPath(account, 'deliveries'), { ...filter, webhookId });
  const sendAgain = useSendAgainWithWord(account, () => setChosen(new Set()));
  const change = (next: DeliveryFilter) =>
    void navigate({ search: webhookEventsSearch({ ...next }), replace: true });
  return (
    <Page
      title={t('webhooks.eventsOf', { name: webhook?.name || webhook?.url || webhookId })}
      before={<BackToWebhooks account={account} />}
      actions={
        <ButtonLink
          variant="default"
          to="/accounts/$account/webhooks/$webhook"
          params={{ account, webhook: webhookId }}
        >
          {t('webhooks.actions.edit')}
        </ButtonLink>
      }
    >
      <DeliveryFilters account={account} filter={filter} onChange={change} showWebhook={false} />
      <Panel>
        {mayChange && chosen.size > 0 && (
          <Group px="md" py="xs" justify="space-between">
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
              showWebhook={false}
            />
          )}
        </Listed>
      </Panel>
    </Page>
  );
}
