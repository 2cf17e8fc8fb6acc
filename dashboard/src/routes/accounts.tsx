import { Table } from '@mantine/core';
import { IconBuildingStore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../src/manage/accounts.ts';
import { AnchorLink } from '../components/links.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { Time } from '../components/time.tsx';

/** All accounts, for those who run the system. */
export function Accounts() {
  const { t } = useTranslation();
  const listing = useListing<AccountView>('/v1/accounts');
  const empty = (
    <Empty title={t('people.accounts.empty.title')} icon={<IconBuildingStore size={26} />}>
      {t('people.accounts.empty.text')}
    </Empty>
  );
  return (
    <Page title={t('people.accounts.title')} lead={t('people.accounts.lead')}>
      <Panel>
        <Listed listing={listing} empty={empty}>
          {(accounts) => (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('people.accounts.columns.id')}</Table.Th>
                  <Table.Th>{t('people.accounts.columns.preset')}</Table.Th>
                  <Table.Th>{t('people.accounts.columns.created')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {accounts.map((account) => (
                  <Table.Tr key={account.id}>
                    <Table.Td>
                      <AnchorLink to="/accounts/$account" params={{ account: account.id }} size="sm" fw={550}>
                        {account.name ?? account.id}
                      </AnchorLink>
                    </Table.Td>
                    <Table.Td>{account.effective.preset ?? '–'}</Table.Td>
                    <Table.Td>
                      <Time at={account.createdAt} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Listed>
      </Panel>
    </Page>
  );
}
