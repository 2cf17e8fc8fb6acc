import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';

export function BackToWebhooks({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <AnchorLink to="/accounts/$account/webhooks" params={{ account }} size="sm">
      <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {t('webhooks.all')}
    </AnchorLink>
  );
}
