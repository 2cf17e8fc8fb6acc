import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFilterStep } from '../components/filter-step.ts';
import { ButtonLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { webhookQuery } from '../data/webhooks.ts';
import { type DeliveryFilter, DeliveryFilters } from '../deliveries/delivery-filters.tsx';
import { DeliveryPanel } from '../deliveries/delivery-panel.tsx';
import { webhookEventsSearch } from '../search.ts';
import { BackToWebhooks } from '../webhooks/back.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks/$webhook/events');

/** What went to one webhook. */
export function WebhookEvents() {
  const { t } = useTranslation();
  const { account, webhook: webhookId } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(webhookQuery(account, webhookId));
  const webhook = query.data;
  const stepTo = useFilterStep(filter);
  const change = (next: DeliveryFilter) =>
    void navigate({ search: webhookEventsSearch({ ...next }), ...stepTo(next) });
  return (
    <Page
      title={
        webhook ? t('webhooks.eventsOf', { name: webhook.name || webhook.url }) : t('webhooks.actions.events')
      }
      before={<BackToWebhooks account={account} />}
      actions={
        webhook && (
          <ButtonLink
            variant="default"
            to="/accounts/$account/webhooks/$webhook"
            params={{ account, webhook: webhookId }}
          >
            {t('webhooks.actions.edit')}
          </ButtonLink>
        )
      }
    >
      <Queried query={query}>
        {() => (
          <>
            <DeliveryFilters account={account} filter={filter} onChange={change} showWebhook={false} />
            <DeliveryPanel account={account} filter={filter} webhookId={webhookId} />
          </>
        )}
      </Queried>
    </Page>
  );
}
