import { IconLock } from '@tabler/icons-react';
import type { AsyncRouteComponent } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { useMe } from '../session.ts';

/** A screen that only those see who run the platform; to others it says so, and asks the API for nothing. */
export function ofPlatform(Screen: AsyncRouteComponent<object>): AsyncRouteComponent<object> {
  const Guarded = () => (useMe().platform === null ? <NotTheirs /> : <Screen />);
  return Object.assign(Guarded, { ...(Screen.preload && { preload: Screen.preload }) });
}

function NotTheirs() {
  const { t } = useTranslation();
  const hasOwn = useMe().accounts.length > 0;
  return (
    <Page title={t('nav.platform')}>
      <Empty title={t('nav.notOfPlatform.title')} icon={<IconLock size={26} />}>
        {hasOwn ? (
          <AnchorLink to="/">{t('nav.missingAccount.own')}</AnchorLink>
        ) : (
          t('nav.notOfPlatform.nowhere')
        )}
      </Empty>
    </Page>
  );
}
