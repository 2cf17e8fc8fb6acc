import { IconMapPinOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { Empty } from '../components/states.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty title={t('common.notFound.title')} icon={<IconMapPinOff size={26} />}>
      {t('common.notFound.text')} <AnchorLink to="/">{t('common.notFound.home')}</AnchorLink>
    </Empty>
  );
}
