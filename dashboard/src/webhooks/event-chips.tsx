import { Badge, Group, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const SHOWN = 3;

/** The events a webhook gets: the first few, and how many more. */
export function EventChips({ events }: { events: readonly string[] }) {
  const { t } = useTranslation();
  if (events.includes('*')) return <Chip text={t('webhooks.allEvents')} />;
  const rest = events.slice(SHOWN);
  return (
    <Group gap={4}>
      {events.slice(0, SHOWN).map((event) => (
        <Chip key={event} text={event} mono />
      ))}
      {rest.length > 0 && (
        <Tooltip label={rest.join(', ')} multiline maw={360}>
          <span>
            <Chip text={t('webhooks.moreEvents', { count: rest.length })} />
          </span>
        </Tooltip>
      )}
    </Group>
  );
}

function Chip({ text, mono = false }: { text: string; mono?: boolean }) {
  return (
    <Badge variant="default" radius="sm" tt="none" fw={500} {...(mono && { className: 'mono', title: text })}>
      {text}
    </Badge>
  );
}
