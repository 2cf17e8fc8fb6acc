import { Group, Table, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { Disclosure } from '../components/disclosure.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';

interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  readonly before: unknown;
  readonly after: unknown;
}

const route = getRouteApi('/signed-in/accounts/$account/audit-log');

/** Who changed what in an account. */
export function AuditLog() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const [filter, setFilter] = useState({ actor: '', action: '' });
  const listing = useListing<AuditEntry>(accountPath(account, 'audit-log'), {
    actor: filter.actor || undefined,
    action: filter.action || undefined,
  });
  return (
    <Page title={t('people.audit.title')} lead={t('people.audit.lead')}>
      <Group gap="xs" role="search">
        {(['actor', 'action'] as const).map((name) => (
          <TypedFilter
            key={name}
            label={t(`people.audit.filters.${name}`)}
            value={filter[name]}
            onChange={(text) => setFilter({ ...filter, [name]: text })}
            width={260}
          />
        ))}
      </Group>
      <Panel>
        <Listed
          listing={listing}
          empty={<Empty title={t('people.audit.empty.title')}>{t('people.audit.empty.text')}</Empty>}
        >
          {(entries) => <Entries entries={entries} />}
        </Listed>
      </Panel>
    </Page>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation();
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {(['when', 'who', 'action', 'target'] as const).map((column) => (
              <Table.Th key={column}>{t(`people.audit.columns.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Time at={entry.at} />
              </Table.Td>
              <Table.Td className="foreign" maw={240}>
                {entry.actor.name}
              </Table.Td>
              <Table.Td className="mono">{entry.action}</Table.Td>
              <Table.Td maw={520}>
                <Text size="xs" className="mono foreign">
                  {entry.target.id}
                </Text>
                <Disclosure label={t('people.audit.details')}>
                  <Change name={t('people.audit.before')} value={entry.before} />
                  <Change name={t('people.audit.after')} value={entry.after} />
                </Disclosure>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Change({ name, value }: { name: string; value: unknown }) {
  if (value === null) return null;
  return (
    <>
      <Text size="xs" c="dimmed" mt={4}>
        {name}
      </Text>
      <pre className="mono foreign" dir="ltr" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
        {JSON.stringify(value, null, 2)}
      </pre>
    </>
  );
}
