import { useTranslation } from 'react-i18next';
import { useLinkToken } from '../layout/link-token.ts';
import { NewcomerForm } from '../layout/newcomer-form.tsx';
import { NoLink } from '../layout/no-link.tsx';
import { Outside } from '../layout/outside.tsx';

/** Where the link of the first start leads: whoever comes by it becomes the owner. */
export function Setup() {
  const { t } = useTranslation();
  const token = useLinkToken();
  if (token === null) return <NoLink />;
  return (
    <Outside title={t('session.setup.title')} lead={t('session.setup.lead')}>
      <NewcomerForm key={token} path="/v1/setup" token={token} withEmail submit={t('session.setup.submit')} />
    </Outside>
  );
}
