import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFilterStep } from '../components/filter-step.ts';
import { ButtonLink } from '../components/links.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { liveWebhooksQuery } from '../data/webhooks.ts';
import { webhooksSearch } from '../search.ts';
import { useMayChange } from '../session.ts';
import { WebhookList } from '../webhooks/webhook-list.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks');

/** Settings > Integrations > Webhooks: all of an account. */
export function Webhooks() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const stepTo = useFilterStep(filter);
  const query = useQuery(liveWebhooksQuery(account));
  return (
    <Page title={t('webhooks.title')} lead={t('webhooks.lead')} actions={<Add account={account} />}>
      {query.data && query.data.length > 0 ? (
        <WebhookList
          key={account}
          account={account}
          webhooks={query.data}
          filter={filter}
          onFilter={(asked) => void navigate({ search: webhooksSearch({ ...asked }), ...stepTo(asked) })}
        />
      ) : (
        <Panel>
          <Queried query={query}>{() => <NoWebhooks account={account} />}</Queried>
        </Panel>
      )}
    </Page>
  );
}

function Add({ account }: { account: string }) {
  const { t } = useTranslation();
  if (!useMayChange(account)) return null;
  return (
    <ButtonLink
      to="/accounts/$account/webhooks/new"
      params={{ account }}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      {t('webhooks.add')}
    </ButtonLink>
  );
}

function NoWebhooks({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <Empty title={t('webhooks.empty.title')}>
      <p>{t('webhooks.empty.text')}</p>
      <Add account={account} />
    </Empty>
  );
}
