import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** How many are chosen, and what can be done with them. */
export function ChosenBar({ count, children }: { count: number; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Group px="md" py="xs" justify="space-between" style={{ borderBottom: '1px solid var(--wb-line)' }}>
      <Text size="sm">{t('deliveries.selected', { count })}</Text>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
