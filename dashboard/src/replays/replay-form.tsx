import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../components/states.tsx';
import { Callout } from '../components/tone.tsx';
import { type ReplayBody, useCountReplay, useStartReplay } from '../data/replays.ts';
import { webhooksQuery } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import {
  bodyOf,
  draftFrom,
  type ListFilter,
  leftOutOf,
  RANGES,
  type Range,
  type ReplayDraft,
  STATUSES,
} from './replay-draft.ts';

interface Props {
  readonly account: string;
  /** What the list it is asked for from is filtered by. */
  readonly filter: ListFilter;
  readonly onClose: () => void;
}

/** Which events are sent again: they are counted before anything is sent. */
export function ReplayForm({ account, filter, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftFrom(filter));
  const [counted, setCounted] = useState<ReplayBody>();
  const count = useCountReplay(account);
  const start = useStartReplay(account);
  const body = bodyOf(draft, Date.now());
  const set = (change: Partial<ReplayDraft>) => {
    setDraft({ ...draft, ...change });
    setCounted(undefined);
    count.reset();
    start.reset();
  };
  const countNow = () =>
    body && count.mutate({ webhookId: draft.webhookId, body }, { onSuccess: () => setCounted(body) });
  const begin = (of: ReplayBody) =>
    start.mutate(
      { webhookId: draft.webhookId, body: of },
      {
        onSuccess: () => {
          notifications.show({ message: t('replays.begun') });
          onClose();
        },
      },
    );
  return (
    <Modal opened onClose={onClose} title={t('replays.title')} size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          {t('replays.lead')}
        </Text>
        <LeftOut filter={filter} />
        <Fields account={account} draft={draft} set={set} />
        {(count.isError || start.isError) && <Failed error={count.error ?? start.error} />}
        {counted && (
          <Text size="sm" fw={550} role="status">
            {t('replays.counted', { count: count.data ?? 0 })}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {counted && (count.data ?? 0) > 0 ? (
            <Button loading={start.isPending} onClick={() => begin(counted)}>
              {t('replays.send', { count: count.data ?? 0 })}
            </Button>
          ) : (
            <Button disabled={!body} loading={count.isPending} onClick={countNow}>
              {t('replays.count')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

/** Which filters of the list don't narrow what is sent again. */
function LeftOut({ filter }: { filter: ListFilter }) {
  const { t, i18n } = useTranslation();
  const names = leftOutOf(filter).map((name) => t(`replays.leftOut.${name}`));
  if (names.length === 0) return null;
  const list = new Intl.ListFormat(formatLocale(i18n.language)).format(names);
  return <Callout tone="warn" title={t('replays.leftOut.text', { filters: list })} />;
}

interface FieldsProps {
  readonly account: string;
  readonly draft: ReplayDraft;
  readonly set: (change: Partial<ReplayDraft>) => void;
}

function Fields({ account, draft, set }: FieldsProps) {
  const { t } = useTranslation();
  const { data: webhooks } = useQuery(webhooksQuery(account));
  return (
    <>
      <Select
        label={t('replays.fields.webhook')}
        data={(webhooks ?? []).map(({ id, name, url }) => ({ value: id, label: name || url }))}
        searchable
        required
        value={draft.webhookId || null}
        onChange={(webhookId) => set({ webhookId: webhookId ?? '' })}
      />
      <When draft={draft} set={set} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label={t('replays.fields.status')}
          placeholder={t('replays.anyStatus')}
          clearable
          data={STATUSES.map((value) => ({ value, label: t(`replays.statuses.${value}`) }))}
          value={draft.status || null}
          onChange={(status) => set({ status: status ?? '' })}
        />
        <TagsInput
          label={t('replays.fields.types')}
          placeholder={draft.types.length > 0 ? '' : t('replays.anyType')}
          value={[...draft.types]}
          onChange={(types) => set({ types })}
        />
        <TextInput
          label={t('replays.fields.channel')}
          value={draft.channel}
          onChange={(event) => set({ channel: event.currentTarget.value.trim() })}
        />
        <TextInput
          label={t('replays.fields.subject')}
          value={draft.subject}
          onChange={(event) => set({ subject: event.currentTarget.value })}
        />
        <NumberInput
          label={t('replays.fields.rate')}
          description={t('replays.rateHint')}
          min={0.01}
          max={10_000}
          value={draft.rate}
          onChange={(rate) => set({ rate: typeof rate === 'number' ? rate : '' })}
        />
      </SimpleGrid>
    </>
  );
}

function When({ draft, set }: Omit<FieldsProps, 'account'>) {
  const { t } = useTranslation();
  return (
    <>
      <SegmentedControl
        aria-label={t('replays.fields.range')}
        value={draft.range}
        onChange={(range) => set({ range: range as Range })}
        data={RANGES.map((value) => ({ value, label: t(`replays.ranges.${value}`) }))}
      />
      {draft.range === 'own' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            type="datetime-local"
            label={t('common.from')}
            required
            value={draft.from}
            onChange={(event) => set({ from: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label={t('common.to')}
            value={draft.to}
            onChange={(event) => set({ to: event.currentTarget.value })}
          />
        </SimpleGrid>
      )}
    </>
  );
}
