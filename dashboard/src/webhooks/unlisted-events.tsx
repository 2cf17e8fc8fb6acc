import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { typedEvent } from './chosen-events.ts';

interface SectionProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly chosen: readonly string[];
  readonly toggle: (names: readonly string[], on: boolean) => void;
}

/** Patterns, or names that the catalog doesn't have. */
export function UnlistedEvents({ title, names, chosen, toggle }: SectionProps) {
  if (names.length === 0) return null;
  return (
    <Stack gap={4} role="group" aria-label={title}>
      <Text size="xs" c="dimmed" fw={600}>
        {title}
      </Text>
      {names.map((name) => (
        <Checkbox
          key={name}
          size="xs"
          label={<span className="mono foreign">{name}</span>}
          checked={chosen.includes(name)}
          onChange={(event) => toggle([name], event.currentTarget.checked)}
        />
      ))}
    </Stack>
  );
}

/** Takes a type or a pattern that no box stands for. */
export function AddEvent({ onAdd }: { onAdd: (name: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const add = () => {
    const name = typedEvent(text);
    setRefused(name === undefined);
    if (name === undefined) return;
    setText('');
    onAdd(name);
  };
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <TextInput
        flex={1}
        aria-label={t('webhooks.addEvent.label')}
        placeholder={t('webhooks.addEvent.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={refused && t('webhooks.addEvent.refused')}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setRefused(false);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // It adds, and saves nothing yet.
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" onClick={add} disabled={text.trim() === ''}>
        {t('webhooks.addEvent.add')}
      </Button>
    </Group>
  );
}
