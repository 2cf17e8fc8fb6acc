import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { Disclosure } from '../components/disclosure.tsx';
import { Time } from '../components/time.tsx';
import { keyName } from '../people/key-name.ts';
import { textsOf, type Words, wordsFor } from '../words/own-words.ts';
import { Target } from './target.tsx';

/** @param withAccount whether entries say which account they are of; those of none are the platform's own */
export function Entries({
  entries,
  withAccount,
}: {
  entries: readonly AuditEntryView[];
  withAccount: boolean;
}) {
  const { t } = useTranslation();
  const columns = [
    'when',
    'who',
    ...(withAccount ? (['account'] as const) : []),
    'action',
    'target',
  ] as const;
  return (
    <Table.ScrollContainer minWidth={withAccount ? 960 : 840}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{t(`people.audit.columns.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} withAccount={withAccount} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Entry({ entry, withAccount }: { entry: AuditEntryView; withAccount: boolean }) {
  const { t } = useTranslation();
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td>
        <Time at={entry.at} />
      </Table.Td>
      <Table.Td className="foreign" maw={240}>
        {keyName(t, entry.actor.name)}
      </Table.Td>
      {withAccount && (
        <Table.Td className="foreign" maw={200}>
          {entry.account ?? <span className="quiet">{t('people.audit.ofPlatform')}</span>}
        </Table.Td>
      )}
      <Table.Td>
        <Text size="sm">{actionText(entry.action)}</Text>
        <Text size="xs" c="dimmed" className="mono">
          {entry.action}
        </Text>
      </Table.Td>
      <Table.Td miw={300} maw={520}>
        <Target entry={entry} />
        {(entry.before !== null || entry.after !== null) && (
          <Disclosure label={t('people.audit.details')}>
            <Change name={t('people.audit.before')} value={entry.before} />
            <Change name={t('people.audit.after')} value={entry.after} />
          </Disclosure>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** What was done, in the viewer's language; empty for what has no words, as its name stands below it. */
function actionText(action: string): string {
  const texts = textsOf<{ readonly actions: Words }>('audit');
  return (texts && wordsFor(texts.actions, action, undefined, {})) ?? '';
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
