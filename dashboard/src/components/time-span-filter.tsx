import { ActionIcon, Button, Divider, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendar, IconX } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLocale } from '../i18n.ts';
import { fieldValue, PRESETS, readSpan, shortTime, spanOf, type TimeSpan } from './time-span.ts';

interface Props {
  readonly span: TimeSpan;
  readonly onChange: (span: Required<TimeSpan>) => void;
}

/** From when to when: a usual span with one click, or one of the viewer's own. */
export function TimeSpanFilter({ span, onChange }: Props) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const isSet = Boolean(span.from || span.to);
  const choose = (next: Required<TimeSpan>) => {
    onChange(next);
    close();
  };
  return (
    <Group gap={4} wrap="nowrap">
      <Popover
        opened={opened}
        onChange={close}
        onDismiss={close}
        position="bottom-start"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <Button
            variant={isSet ? 'light' : 'default'}
            leftSection={<IconCalendar size={15} aria-hidden />}
            aria-haspopup="dialog"
            fw={isSet ? 550 : 400}
            onClick={toggle}
          >
            {useLabel(span)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown w={300} maw="calc(100vw - 2rem)" aria-label={t('common.span.label')}>
          <Choices span={span} choose={choose} />
        </Popover.Dropdown>
      </Popover>
      {isSet && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('common.span.clear')}
          onClick={() => onChange({ from: '', to: '' })}
        >
          <IconX size={15} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

function useLabel({ from, to }: TimeSpan): string {
  const { t, i18n } = useTranslation();
  const locale = formatLocale(i18n.language);
  const words = (at: string) => shortTime(at, locale, Date.now());
  if (from && to) return `${words(from)} – ${words(to)}`;
  if (from) return t('common.span.since', { time: words(from) });
  return to ? t('common.span.until', { time: words(to) }) : t('common.span.any');
}

function Choices({ span, choose }: { span: TimeSpan; choose: (span: Required<TimeSpan>) => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      {PRESETS.map((preset) => (
        <Button key={preset} size="xs" variant="default" onClick={() => choose(spanOf(preset, Date.now()))}>
          {t(`common.span.${preset}`)}
        </Button>
      ))}
      <Divider label={t('common.span.own')} />
      <OwnSpan span={span} choose={choose} />
    </Stack>
  );
}

function OwnSpan({ span, choose }: { span: TimeSpan; choose: (span: Required<TimeSpan>) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(fieldValue(span.from));
  const [to, setTo] = useState(fieldValue(span.to));
  const [refused, setRefused] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const read = readSpan(from, to);
    setRefused(read === 'backwards');
    if (read !== 'backwards') choose(read);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          type="datetime-local"
          label={t('common.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('common.to')}
          value={to}
          error={refused && t('common.span.backwards')}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" size="xs">
          {t('common.span.apply')}
        </Button>
      </Stack>
    </form>
  );
}
