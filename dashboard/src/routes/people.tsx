import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../components/page.tsx';
import { PeopleLists } from '../people/people-lists.tsx';

const route = getRouteApi('/signed-in/accounts/$account/people');

/** Who may sign in to an account. */
export function People() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  return (
    <Page title={t('people.title')} lead={t('people.lead')}>
      <PeopleLists account={account} />
    </Page>
  );
}
