import { Badge, Checkbox, Group, ScrollArea, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Queried } from '../components/states.tsx';
import { type EventTypeView, eventTypesQuery } from '../data/event-types.ts';
import { coveringPattern, groupState, unlisted } from './chosen-events.ts';
import { AddEvent, UnlistedEvents } from './unlisted-events.tsx';

interface Props {
  readonly account: string;
  /** Whether the events may only be looked at, and looked for. */
  readonly readOnly: boolean;
  readonly all: boolean;
  readonly chosen: readonly string[];
  /** Those chosen when it was last saved: they can be chosen again until it is saved next. */
  readonly saved: readonly string[];
  readonly problem: string | undefined;
  readonly onAll: (all: boolean) => void;
  readonly onChoose: (events: readonly string[]) => void;
}

/** Which events a webhook wants: those of the catalog by group, patterns, and types the catalog doesn't have. */
export function EventPicker(props: Props) {
  const { account, readOnly, all, chosen, saved, problem, onAll, onChoose } = props;
  const { t } = useTranslation();
  const [added, setAdded] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  const query = useQuery(eventTypesQuery(account));
  const toggle = (names: readonly string[], on: boolean) =>
    onChoose(on ? [...new Set([...chosen, ...names])] : chosen.filter((name) => !names.includes(name)));
  const add = (name: string) => {
    if (name === '*') return onAll(true);
    setAdded([...added, name]);
    toggle([name], true);
  };
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
                <Groups
                  types={types}
                  search={search}
                  chosen={chosen}
                  seen={[...saved, ...chosen, ...added]}
                  toggle={toggle}
                />
              </fieldset>
            )}
          </Queried>
          {!readOnly && <AddEvent onAdd={add} />}
        </>
      )}
    </Stack>
  );
}

interface GroupsProps {
  readonly types: readonly EventTypeView[];
  readonly search: string;
  readonly chosen: readonly string[];
  /** All that are chosen, and those that were. */
  readonly seen: readonly string[];
  readonly toggle: (names: readonly string[], on: boolean) => void;
}

function Groups({ types, search, chosen, seen, toggle }: GroupsProps) {
  const { t } = useTranslation();
  const known = new Set(types.map(({ name }) => name));
  const { patterns, strangers } = unlisted(seen, known);
  const wanted = search.trim().toLowerCase();
  const found = types.filter(({ name, title }) => `${name} ${title ?? ''}`.toLowerCase().includes(wanted));
  const groups = [...Map.groupBy(found, ({ group }) => group ?? '')];
  return (
    <ScrollArea.Autosize mah={520} className="panel" viewportProps={{ tabIndex: 0 }}>
      <Stack gap="md" p="md">
        <UnlistedEvents title={t('webhooks.patterns')} names={patterns} chosen={chosen} toggle={toggle} />
        <UnlistedEvents
          title={t('webhooks.notInCatalog')}
          names={strangers}
          chosen={chosen}
          toggle={toggle}
        />
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
  const { free, all, some } = groupState(
    members.map(({ name }) => name),
    chosen,
  );
  return (
    <Stack gap={6}>
      <Checkbox
        label={
          <Text size="sm" fw={600} component="span">
            {group || t('webhooks.otherEvents')}
          </Text>
        }
        checked={all}
        indeterminate={some}
        disabled={free.length === 0}
        onChange={(event) => toggle(free, event.currentTarget.checked)}
      />
      {members.map((member) => (
        <EventBox key={member.name} type={member} chosen={chosen} toggle={toggle} />
      ))}
    </Stack>
  );
}

interface BoxProps extends Pick<GroupProps, 'chosen' | 'toggle'> {
  readonly type: EventTypeView;
}

/** One type; while a pattern covers it there is nothing to choose. */
function EventBox({ type: { name, title, deprecated }, chosen, toggle }: BoxProps) {
  const { t } = useTranslation();
  const pattern = coveringPattern(chosen, name);
  return (
    <Checkbox
      ml="lg"
      size="xs"
      className={pattern === undefined ? undefined : 'covered'}
      checked={pattern !== undefined || chosen.includes(name)}
      disabled={pattern !== undefined}
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
          {pattern !== undefined && (
            <Text span size="xs" c="dimmed">
              {t('webhooks.coveredBy', { pattern })}
            </Text>
          )}
        </Group>
      }
    />
  );
}
