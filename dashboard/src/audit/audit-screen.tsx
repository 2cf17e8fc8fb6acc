import { Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { accountPath } from '../api.ts';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import { Entries } from './entries.tsx';
import { ExportButton } from './export-button.tsx';

const FILTERS = ['actor', 'action', 'account'] as const;

/** Who changed what: in an account, or (null) on the platform and in all accounts. */
export function AuditScreen({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState({ actor: '', action: '', account: '' });
  const path = account === null ? '/v1/audit-log' : accountPath(account, 'audit-log');
  const query = Object.fromEntries(Object.entries(filter).filter(([, text]) => text !== ''));
  const listing = useListing<AuditEntryView>(path, query);
  return (
    <Page
      title={t('people.audit.title')}
      lead={t(account === null ? 'people.audit.platformLead' : 'people.audit.lead')}
      actions={<ExportButton path={path} query={query} />}
    >
      <Group gap="xs" role="search">
        {FILTERS.filter((name) => name !== 'account' || account === null).map((name) => (
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
          {(entries) => <Entries entries={entries} withAccount={account === null} />}
        </Listed>
      </Panel>
    </Page>
  );
}
