import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { post } from '../api.ts';
import { Loading } from '../components/states.tsx';
import { useLinkToken } from '../layout/link-token.ts';
import { NewcomerForm } from '../layout/newcomer-form.tsx';
import { LinkFailed, NoLink } from '../layout/no-link.tsx';
import { Outside } from '../layout/outside.tsx';
import { keyName } from '../people/key-name.ts';
import type { InvitationView } from '../people/people-data.ts';

/** Where the link of an invitation leads. */
export function Invitation() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const query = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => post<InvitationView>('/v1/invitation/look', { token }),
    enabled: token !== null,
    retry: false,
  });
  if (token === null) return <NoLink />;
  if (query.isError) return <LinkFailed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const { account, email, invitedBy } = query.data;
  const by = keyName(t, invitedBy, t('session.invitation.platform'));
  const lead =
    account === null
      ? t('session.invitation.toPlatform', { by, email })
      : t('session.invitation.toAccount', { by, email, account });
  return (
    <Outside title={t('session.invitation.title')} lead={`${lead} ${t('session.invitation.lead')}`}>
      <NewcomerForm
        key={token}
        path="/v1/invitation/accept"
        token={token}
        withEmail={false}
        submit={t('session.invitation.submit')}
      />
    </Outside>
  );
}
