import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useListing } from '../components/listing.tsx';
import { Panel } from '../components/page.tsx';
import { useMay } from '../session.ts';
import { Invitations } from './invitations.tsx';
import { InviteForm } from './invite-form.tsx';
import { Members } from './members.tsx';
import { type InvitationView, type MemberView, peoplePath } from './people-data.ts';

/** Who may sign in to an account, or (null) to the platform, and who is invited. */
export function PeopleLists({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const mayInvite = useMay('people', account);
  const members = useListing<MemberView>(peoplePath(account, 'users'));
  const invitations = useListing<InvitationView>(peoplePath(account, 'invitations'));
  const invited = invitations.data?.pages.some(({ data }) => data.length > 0) ?? false;
  return (
    <Stack gap="lg">
      <Panel title={t('people.members')} actions={mayInvite && <Invite account={account} />}>
        <Members account={account} listing={members} mayChange={mayInvite} />
      </Panel>
      {invited && (
        <Panel title={t('people.invitations')}>
          <Invitations account={account} listing={invitations} mayChange={mayInvite} />
        </Panel>
      )}
    </Stack>
  );
}

function Invite({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" leftSection={<IconUserPlus size={15} aria-hidden />} onClick={open}>
        {t('people.invite')}
      </Button>
      <InviteForm account={account} opened={opened} onClose={close} />
    </>
  );
}
