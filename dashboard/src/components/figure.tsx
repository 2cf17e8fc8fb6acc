import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A number that people look for, and what it is of. */
export function Figure({ name, value, beside }: { name: string; value: string; beside?: ReactNode }) {
  return (
    <div className="panel" style={{ padding: '0.75rem 1rem' }}>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={26} fw={650} lh={1.25} className="numbers">
        {value}
      </Text>
      <Text size="xs" c="dimmed" mih="1.2em">
        {beside}
      </Text>
    </div>
  );
}
