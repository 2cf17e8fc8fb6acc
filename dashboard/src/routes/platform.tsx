import { useTranslation } from 'react-i18next';
import { Recipients } from '../alerts/recipients.tsx';
import { Page } from '../components/page.tsx';
import { KeyList } from '../people/key-list.tsx';
import { PeopleLists } from '../people/people-lists.tsx';

/** Who runs the system, and its keys. */
export function Platform() {
  const { t } = useTranslation();
  return (
    <Page title={t('people.platformTitle')} lead={t('people.platformLead')}>
      <PeopleLists account={null} />
      <KeyList account={null} />
      <Recipients account={null} />
    </Page>
  );
}
