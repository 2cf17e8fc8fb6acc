import { IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { ButtonLink } from '../components/links.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import type { WebhookView } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';
import { WebhookTable } from '../webhooks/webhook-table.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks');

/** Settings > Integrations > Webhooks: all of an account. */
export function Webhooks() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const listing = useListing<WebhookView>(accountPath(account, 'webhooks'));
  return (
    <Page title={t('webhooks.title')} lead={t('webhooks.lead')} actions={<Add account={account} />}>
      <Panel>
        <Listed listing={listing} empty={<NoWebhooks account={account} />}>
          {(webhooks) => <WebhookTable account={account} webhooks={webhooks} />}
        </Listed>
      </Panel>
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
