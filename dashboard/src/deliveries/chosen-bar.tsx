import { Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly count: number;
  /** What can't be done with all of them, and what does it. */
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

/**
 * How many are chosen, and what can be done with them. It is out of sight where none is, rather than gone: what was
 * asked for with its buttons may still be under way, and says here what came of it.
 */
export function ChosenBar({ count, hint, children }: Props) {
  const { t } = useTranslation();
  return (
    <Box
      px="md"
      py="xs"
      style={{ borderBottom: '1px solid var(--wb-line)' }}
      {...(count === 0 && { display: 'none' })}
    >
      <Group justify="space-between">
        <Text size="sm">{t('deliveries.selected', { count })}</Text>
        <Group gap="xs">{children}</Group>
      </Group>
      {hint && (
        <Text size="xs" c="dimmed" mt={4} role="status">
          {hint}
        </Text>
      )}
    </Box>
  );
}
