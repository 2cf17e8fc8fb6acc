import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../components/page.tsx';
import { KeyList } from '../people/key-list.tsx';

const route = getRouteApi('/signed-in/accounts/$account/api-keys');

/** The keys of an account. */
export function ApiKeys() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  return (
    <Page title={t('people.keys.title')} lead={t('people.keys.lead')}>
      <KeyList account={account} />
    </Page>
  );
}
