import { Badge, Checkbox, Group, ScrollArea, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Queried } from '../components/states.tsx';
import { type EventTypeView, eventTypesQuery } from '../data/event-types.ts';

interface Props {
  readonly account: string;
  /** Whether the events may only be looked at, and looked for. */
  readonly readOnly: boolean;
  readonly all: boolean;
  readonly chosen: readonly string[];
  readonly problem: string | undefined;
  readonly onAll: (all: boolean) => void;
  readonly onChoose: (events: readonly string[]) => void;
}

/** Which events a webhook wants: those of the catalog by group, and patterns somebody has written before. */
export function EventPicker({ account, readOnly, all, chosen, problem, onAll, onChoose }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const query = useQuery(eventTypesQuery(account));
  const toggle = (names: readonly string[], on: boolean) =>
    onChoose(on ? [...new Set([...chosen, ...names])] : chosen.filter((name) => !names.includes(name)));
  return (
    <Stack gap="xs" role="group" aria-label={t('webhooks.fields.events')}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {t('webhooks.fields.events')}
        </Text>
        <Switch
          label={t('webhooks.allEvents')}
          checked={all}
          disabled={readOnly}
          onChange={(event) => onAll(event.currentTarget.checked)}
        />
      </Group>
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      {!all && (
        <>
          <TextInput
            aria-label={t('common.search')}
            placeholder={t('webhooks.searchEvents')}
            leftSection={<IconSearch size={15} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Queried query={query}>
            {(types) => (
              <fieldset disabled={readOnly} className="bare">
                <Groups types={types} search={search} chosen={chosen} toggle={toggle} />
              </fieldset>
            )}
          </Queried>
        </>
      )}
    </Stack>
  );
}

interface GroupsProps {
  readonly types: readonly EventTypeView[];
  readonly search: string;
  readonly chosen: readonly string[];
  readonly toggle: (names: readonly string[], on: boolean) => void;
}

function Groups({ types, search, chosen, toggle }: GroupsProps) {
  const { t } = useTranslation();
  const known = new Set(types.map(({ name }) => name));
  const patterns = chosen.filter((name) => !known.has(name));
  const wanted = search.trim().toLowerCase();
  const found = types.filter(({ name, title }) => `${name} ${title ?? ''}`.toLowerCase().includes(wanted));
  const groups = [...Map.groupBy(found, ({ group }) => group ?? '')];
  return (
    <ScrollArea.Autosize mah={520} className="panel" viewportProps={{ tabIndex: 0 }}>
      <Stack gap="md" p="md">
        {patterns.length > 0 && (
          <Stack gap={4}>
            <Text size="xs" c="dimmed" fw={600}>
              {t('webhooks.patterns')}
            </Text>
            {patterns.map((name) => (
              <Checkbox
                key={name}
                label={<span className="mono">{name}</span>}
                checked
                onChange={() => toggle([name], false)}
              />
            ))}
          </Stack>
        )}
        {groups.length === 0 && (
          <Text size="sm" c="dimmed">
            {t(types.length === 0 ? 'webhooks.noEventTypes' : 'webhooks.noSuchEvents')}
          </Text>
        )}
        {groups.map(([group, members]) => (
          <GroupOfEvents key={group} group={group} members={members} chosen={chosen} toggle={toggle} />
        ))}
      </Stack>
    </ScrollArea.Autosize>
  );
}

interface GroupProps {
  readonly group: string;
  readonly members: readonly EventTypeView[];
  readonly chosen: readonly string[];
  readonly toggle: (names: readonly string[], on: boolean) => void;
}

function GroupOfEvents({ group, members, chosen, toggle }: GroupProps) {
  const { t } = useTranslation();
  const names = members.map(({ name }) => name);
  const count = names.filter((name) => chosen.includes(name)).length;
  return (
    <Stack gap={6}>
      <Checkbox
        label={
          <Text size="sm" fw={600} component="span">
            {group || t('webhooks.otherEvents')}
          </Text>
        }
        checked={count === names.length}
        indeterminate={count > 0 && count < names.length}
        onChange={(event) => toggle(names, event.currentTarget.checked)}
      />
      {members.map(({ name, title, deprecated }) => (
        <Checkbox
          key={name}
          ml="lg"
          size="xs"
          checked={chosen.includes(name)}
          onChange={(event) => toggle([name], event.currentTarget.checked)}
          label={
            <Group gap="xs" component="span">
              <span>{title ?? name}</span>
              <Text span size="xs" c="dimmed" className="mono">
                {name}
              </Text>
              {deprecated && (
                <Badge size="xs" variant="default" tt="none">
                  {t('webhooks.deprecated')}
                </Badge>
              )}
            </Group>
          }
        />
      ))}
    </Stack>
  );
}
