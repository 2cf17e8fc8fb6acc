import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VersionChanges as Changes, VersionChange } from '../../../src/manage/version-changes.ts';
import { Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { Callout } from '../components/tone.tsx';
import { type EventTypeView, versionChangesQuery } from '../data/event-types.ts';
import { reasonOf, sentenceOf } from './change-text.ts';

const SHOWN = 40;

/** What a receiver meets that moves from one version of a payload to another; at first between the newest two. */
export function VersionChanges({ account, type }: { account: string; type: EventTypeView }) {
  const { t } = useTranslation();
  const versions = type.versions.map(({ version }) => version);
  const [from, setFrom] = useState(versions.at(-2) ?? '');
  const [to, setTo] = useState(versions.at(-1) ?? '');
  const query = useQuery(versionChangesQuery(account, type.name, from, to));
  return (
    <Panel title={t('catalog.changes.title')} padded>
      <Stack>
        <Group gap="xs">
          {(
            [
              ['from', from, setFrom],
              ['to', to, setTo],
            ] as const
          ).map(([end, value, set]) => (
            <Select
              key={end}
              label={t(`catalog.changes.${end}`)}
              w={150}
              allowDeselect={false}
              data={versions}
              value={value}
              onChange={(version) => set(version ?? '')}
            />
          ))}
        </Group>
        <Queried query={query} rows={3}>
          {(changes) => <Found key={`${changes.from} ${changes.to}`} found={changes} />}
        </Queried>
      </Stack>
    </Panel>
  );
}

function Found({ found: { changes, from, to } }: { found: Changes }) {
  const { t } = useTranslation();
  const broken = changes.filter(({ breaking }) => breaking);
  const others = changes.filter(({ breaking }) => !breaking);
  const between = { from: from ?? '', to: to ?? '' };
  return (
    <>
      {broken.length > 0 ? (
        <Callout tone="warn" title={t('catalog.changes.breaking', between)} />
      ) : (
        <Callout
          tone="good"
          title={t(changes.length === 0 ? 'catalog.changes.same' : 'catalog.changes.safe', between)}
        />
      )}
      {broken.length > 0 && <Lines title={t('catalog.changes.broken')} changes={broken} />}
      {others.length > 0 && <Lines title={t('catalog.changes.others')} changes={others} />}
    </>
  );
}

function Lines({ title, changes }: { title: string; changes: readonly VersionChange[] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(SHOWN);
  return (
    <Stack gap="xs">
      <Text size="sm" fw={550}>
        {title} <span className="quiet numbers">{changes.length}</span>
      </Text>
      <ul className="lines" aria-label={title}>
        {changes.slice(0, shown).map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two changes may be of one path and kind
          <Line key={index} change={change} />
        ))}
      </ul>
      {changes.length > shown && (
        <Button variant="subtle" size="xs" onClick={() => setShown(changes.length)}>
          {t('catalog.changes.all', { count: changes.length })}
        </Button>
      )}
    </Stack>
  );
}

function Line({ change }: { change: VersionChange }) {
  const { t } = useTranslation();
  const { key, values } = sentenceOf(change, {
    type: (text) => typeWords(text, t('catalog.changes.or'), (name) => t(`catalog.types.${name}`)),
    optional: t('catalog.changes.optional'),
    always: t('catalog.changes.always'),
  });
  const reason = reasonOf(change);
  return (
    <Group component="li" gap="xs" align="flex-start">
      <Text flex="1 1 14rem" maw="28rem" miw={0} className={change.path === '' ? 'quiet' : 'mono foreign'}>
        {change.path || t('catalog.changes.whole')}
      </Text>
      <Stack gap={2} flex="2 1 18rem" miw={0}>
        <Text size="sm" className="foreign">
          {t(`catalog.changes.what.${key}`, { ...values })}
        </Text>
        {change.change === 'description_changed' && <Texts from={change.from} to={change.to} />}
        {reason && (
          <Text size="xs" c="dimmed">
            {t(`catalog.changes.why.${reason}`)}
          </Text>
        )}
      </Stack>
    </Group>
  );
}

function Texts({ from, to }: { from: unknown; to: unknown }) {
  return (
    <Text size="xs" c="dimmed" className="foreign">
      {from === null ? null : <del>{String(from)}</del>} {to === null ? null : <ins>{String(to)}</ins>}
    </Text>
  );
}

const TYPES = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
  'anything',
  'nothing',
] as const;

/** `string or null` in the words of the reader's language. */
function typeWords(text: string, or: string, word: (name: (typeof TYPES)[number]) => string): string {
  return text
    .split(' or ')
    .map((name) => {
      const known = TYPES.find((one) => one === name);
      return known ? word(known) : name;
    })
    .join(` ${or} `);
}
