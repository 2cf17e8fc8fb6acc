import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { post, setBearer } from '../api.ts';
import { Loading } from '../components/states.tsx';
import { brandingQuery } from '../layout/branding.ts';
import { useLinkToken } from '../layout/link-token.ts';
import { NoLink } from '../layout/no-link.tsx';

/** Where a link of the platform leads: into one account, without a password, for as long as this page is open. */
export function Portal() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [failed, setFailed] = useState(false);
  // The link works once, and an effect may run twice.
  const opened = useRef(false);
  useEffect(() => {
    if (token === null || opened.current) return;
    opened.current = true;
    post<{ token: string; account: string }>('/v1/portal/session', { token })
      .then(async (session) => {
        setBearer(session.token);
        // All that was read as somebody else; how the platform looks is the same for everybody.
        queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== brandingQuery.queryKey[0] });
        await navigate({ to: '/accounts/$account', params: { account: session.account }, replace: true });
      })
      .catch(() => setFailed(true));
  }, [token, navigate, queryClient]);
  if (token === null || failed) return <NoLink />;
  return <Loading rows={4} />;
}
