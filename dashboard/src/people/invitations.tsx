import { Button, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ActionsHead } from '../components/actions-head.tsx';
import { Listed, type useListing } from '../components/listing.tsx';
import { Time } from '../components/time.tsx';
import { keyName } from './key-name.ts';
import { type InvitationView, peoplePath, useChange } from './people-data.ts';

interface Props {
  readonly account: string | null;
  readonly listing: ReturnType<typeof useListing<InvitationView>>;
  readonly mayChange: boolean;
}

export function Invitations({ account, listing, mayChange }: Props) {
  const { t } = useTranslation();
  const change = useChange(peoplePath(account, 'invitations'));
  return (
    <Listed listing={listing} empty={null}>
      {(invitations) => (
        <Table.ScrollContainer minWidth={600}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.columns.email')}</Table.Th>
                <Table.Th>{t('people.columns.role')}</Table.Th>
                <Table.Th>{t('people.columns.by')}</Table.Th>
                <Table.Th>{t('people.columns.expires')}</Table.Th>
                <ActionsHead />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {invitations.map((invitation) => (
                <Table.Tr key={invitation.id}>
                  <Table.Td className="foreign">{invitation.email}</Table.Td>
                  <Table.Td>{t(`people.roles.${invitation.role}`)}</Table.Td>
                  <Table.Td className="foreign">{keyName(t, invitation.invitedBy)}</Table.Td>
                  <Table.Td>
                    <Time at={invitation.expiresAt} />
                  </Table.Td>
                  <Table.Td ta="right">
                    {mayChange && (
                      <Button
                        size="xs"
                        variant="subtle"
                        color="red"
                        onClick={() =>
                          change.mutate({
                            method: 'DELETE',
                            at: peoplePath(account, 'invitations', invitation.id),
                          })
                        }
                      >
                        {t('people.revoke')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Listed>
  );
}
