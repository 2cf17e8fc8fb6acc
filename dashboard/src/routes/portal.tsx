import { Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { post, setBearer } from '../api.ts';
import { Loading } from '../components/states.tsx';
import { useLinkToken } from '../layout/link-token.ts';
import { LinkFailed, NoLink } from '../layout/no-link.tsx';
import { Outside } from '../layout/outside.tsx';
import { forgetSession } from '../query-client.ts';

const route = getRouteApi('/portal');

/** Where a link of the platform leads: into one account, without a password, for as long as this page is open. */
export function Portal() {
  const token = useLinkToken();
  const { ended } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  // The link works once: it is asked for once, and not again unless somebody says so.
  const { data, error, refetch } = useQuery({
    queryKey: ['portal-session', token],
    queryFn: () => post<{ token: string; account: string }>('/v1/portal/session', { token }),
    enabled: token !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnMount: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  useEffect(() => {
    if (data === undefined) return;
    setBearer(data.token);
    // All that was read as somebody else.
    forgetSession(queryClient);
    void navigate({ to: '/accounts/$account', params: { account: data.account }, replace: true });
  }, [data, navigate, queryClient]);
  if (token === null) return ended === undefined ? <NoLink /> : <Ended />;
  if (error) return <LinkFailed error={error} retry={() => void refetch()} />;
  return <Loading rows={4} />;
}

/** What a guest sees whose time is over. */
function Ended() {
  const { t } = useTranslation();
  return (
    <Outside title={t('session.ended.title')}>
      <Text size="sm">{t('session.ended.text')}</Text>
    </Outside>
  );
}
