import { IconMapPinOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AnchorLink, ButtonLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { Outside } from './outside.tsx';

/** For an address that begins as that of a screen does: what surrounds the screens stays. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('common.notFound.screen')}>
      <Empty title={t('common.notFound.title')} icon={<IconMapPinOff size={26} />}>
        {t('common.notFound.text')} <AnchorLink to="/">{t('common.notFound.home')}</AnchorLink>
      </Empty>
    </Page>
  );
}

/** For any other, where nobody may have signed in. */
export function NotFoundOutside() {
  const { t } = useTranslation();
  return (
    <Outside title={t('common.notFound.title')} lead={t('common.notFound.text')}>
      <ButtonLink to="/">{t('common.notFound.home')}</ButtonLink>
    </Outside>
  );
}
