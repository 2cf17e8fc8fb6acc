import { IconMapPinOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, accountPath, get } from '../api.ts';
import { AnchorLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { type Me, useMe } from '../session.ts';
import { keepAccount } from './home.ts';

/** It may be about to be made. */
const MISSING_MS = 5_000;

/** The screens of an account; where there is none of that name, word of it instead, whichever screen was asked for. */
export function AccountOutlet() {
  const { account } = useParams({ from: '/signed-in/accounts/$account' });
  const me = useMe();
  const there = useIsThere(account, me);
  useEffect(() => {
    if (there) keepAccount(account);
  }, [account, there]);
  return there === false ? <NoAccount account={account} ofPlatform={me.platform !== null} /> : <Outlet />;
}

/**
 * Whoever runs the platform may look at any account, one that was mistyped too: it has nothing, and nothing fails.
 *
 * @returns undefined while it isn't known
 */
function useIsThere(account: string, { platform, accounts }: Me): boolean | undefined {
  const { data } = useQuery({
    queryKey: [accountPath(account), 'is there'],
    queryFn: ({ signal }) => isThere(account, signal),
    enabled: platform !== null,
    refetchInterval: ({ state }) => (state.data === false ? MISSING_MS : false),
  });
  return platform === null ? accounts.some(({ id }) => id === account) : data;
}

async function isThere(account: string, signal: AbortSignal): Promise<boolean> {
  try {
    await get(accountPath(account), undefined, signal);
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return false;
    throw error;
  }
}

function NoAccount({ account, ofPlatform }: { account: string; ofPlatform: boolean }) {
  const { t } = useTranslation();
  return (
    <Page title={t('nav.account')}>
      <Empty title={t('nav.missingAccount.title', { account })} icon={<IconMapPinOff size={26} />}>
        {t('nav.missingAccount.text')}{' '}
        {ofPlatform ? (
          <AnchorLink to="/accounts">{t('nav.missingAccount.all')}</AnchorLink>
        ) : (
          <AnchorLink to="/">{t('nav.missingAccount.own')}</AnchorLink>
        )}
      </Empty>
    </Page>
  );
}
