import { Button, Select, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionsHead } from '../components/actions-head.tsx';
import { Confirm } from '../components/confirm.tsx';
import { Listed, type useListing } from '../components/listing.tsx';
import { Empty } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { type Role, useMayMakeOwners } from '../session.ts';
import { type MemberView, peoplePath, useChange } from './people-data.ts';

const ROLES: readonly Role[] = ['owner', 'admin', 'viewer'];

interface Props {
  readonly account: string | null;
  readonly listing: ReturnType<typeof useListing<MemberView>>;
  readonly mayChange: boolean;
}

export function Members({ account, listing, mayChange }: Props) {
  const { t } = useTranslation();
  const empty = <Empty title={t('people.nobody.title')}>{t('people.nobody.text')}</Empty>;
  return (
    <Listed listing={listing} empty={empty}>
      {(members) => (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.columns.name')}</Table.Th>
                <Table.Th>{t('people.columns.role')}</Table.Th>
                <Table.Th>{t('people.columns.since')}</Table.Th>
                <Table.Th>{t('people.columns.lastSignIn')}</Table.Th>
                <ActionsHead />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {members.map((member) => (
                <Member key={member.id} account={account} member={member} mayChange={mayChange} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Listed>
  );
}

function Member({
  account,
  member,
  mayChange,
}: {
  account: string | null;
  member: MemberView;
  mayChange: boolean;
}) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const change = useChange(peoplePath(account, 'users'));
  const mayMakeOwners = useMayMakeOwners(account);
  const mayChangeThis = mayChange && (mayMakeOwners || member.role !== 'owner');
  const roles = ROLES.filter((role) => mayMakeOwners || role !== 'owner');
  const at = peoplePath(account, 'users', member.id);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} className="foreign">
          {member.name}
        </Text>
        <Text size="xs" c="dimmed" className="foreign">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td>
        {mayChangeThis ? (
          <Select
            aria-label={`${t('people.role')}: ${member.name}`}
            size="xs"
            w={150}
            allowDeselect={false}
            data={roles.map((value) => ({ value, label: t(`people.roles.${value}`) }))}
            value={member.role}
            onChange={(role) => change.mutate({ method: 'PATCH', at, body: { role } })}
          />
        ) : (
          t(`people.roles.${member.role}`)
        )}
      </Table.Td>
      <Table.Td>
        <Time at={member.createdAt} />
      </Table.Td>
      <Table.Td>
        <Time at={member.lastSignInAt} />
      </Table.Td>
      <Table.Td ta="right">
        {mayChangeThis && (
          <Button size="xs" variant="subtle" color="red" onClick={() => setRemoving(true)}>
            {t('people.remove')}
          </Button>
        )}
        <Confirm
          opened={removing}
          onClose={() => setRemoving(false)}
          title={t('people.removing.title', { name: member.name })}
          confirm={t('people.remove')}
          busy={change.isPending}
          onConfirm={() => change.mutate({ method: 'DELETE', at }, { onSettled: () => setRemoving(false) })}
        >
          {t('people.removing.text')}
        </Confirm>
      </Table.Td>
    </Table.Tr>
  );
}
