import { useTranslation } from 'react-i18next';
import { BackLink } from '../components/back-link.tsx';

export function BackToWebhooks({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <BackLink to="/accounts/$account/webhooks" account={account}>
      {t('webhooks.all')}
    </BackLink>
  );
}
