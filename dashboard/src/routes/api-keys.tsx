import { IconKey } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { KeyList } from '../people/key-list.tsx';
import { useMe } from '../session.ts';

const route = getRouteApi('/signed-in/accounts/$account/api-keys');

/** The keys of an account, for people of the platform: nobody else may read them. */
export function ApiKeys() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const { platform } = useMe();
  return (
    <Page title={t('people.keys.title')} lead={t('people.keys.lead')}>
      {platform === null ? (
        <Empty title={t('people.keys.ofPlatform.title')} icon={<IconKey size={26} />}>
          {t('people.keys.ofPlatform.text')}
        </Empty>
      ) : (
        <KeyList account={account} />
      )}
    </Page>
  );
}
