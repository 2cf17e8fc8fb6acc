import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { accountPath } from '../api.ts';
import { ClearFilters } from '../components/clear-filters.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import { TypedFilter } from '../components/typed-filter.tsx';
import { storedKeyName } from '../people/key-name.ts';
import { Entries } from './entries.tsx';
import { ExportButton } from './export-button.tsx';

const FILTERS = ['actor', 'action', 'account'] as const;

type AuditFilter = { readonly [Name in (typeof FILTERS)[number]]?: string };

interface Props {
  /** null: the platform and all accounts. */
  readonly account: string | null;
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

/** Who changed what. */
export function AuditScreen({ account, filter, onChange }: Props) {
  const { t } = useTranslation();
  const path = account === null ? '/v1/audit-log' : accountPath(account, 'audit-log');
  const filtered = Object.values(filter).some(Boolean);
  const actor = filter.actor && storedKeyName(t, filter.actor);
  const asked = { ...filter, ...(actor && { actor }) };
  const listing = useListing<AuditEntryView>(path, asked);
  const key = filtered ? 'emptyFiltered' : 'empty';
  return (
    <Page
      title={t('people.audit.title')}
      lead={t(account === null ? 'people.audit.platformLead' : 'people.audit.lead')}
      actions={<ExportButton path={path} query={asked} />}
    >
      <Group gap="xs" role="search">
        {FILTERS.filter((name) => name !== 'account' || account === null).map((name) => (
          <TypedFilter
            key={name}
            label={t(`people.audit.filters.${name}`)}
            value={filter[name] ?? ''}
            onChange={(text) => onChange({ ...filter, [name]: text })}
            width={260}
          />
        ))}
        {filtered && <ClearFilters onClear={() => onChange({})} />}
      </Group>
      <Panel>
        <Listed
          listing={listing}
          empty={<Empty title={t(`people.audit.${key}.title`)}>{t(`people.audit.${key}.text`)}</Empty>}
        >
          {(entries) => <Entries entries={entries} withAccount={account === null} />}
        </Listed>
      </Panel>
    </Page>
  );
}
