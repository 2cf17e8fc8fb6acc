import { Button, Group, type ModalProps, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Code } from './code.tsx';

/**
 * How a dialog closes whose content is shown this once: not by a click beside it, by Escape or by a cross. Only who says
 * that it is kept gets on.
 */
export const KEPT_FIRST = {
  closeOnClickOutside: false,
  closeOnEscape: false,
  withCloseButton: false,
} as const satisfies Partial<ModalProps>;

interface Props {
  /** What it is for, and that it isn't shown again. */
  readonly children: ReactNode;
  readonly label: string;
  readonly text: string;
  /** What the button is called that says so. */
  readonly kept: string;
  readonly onKept: () => void;
}

/** What somebody has to take along, and the button by which they say that they have. */
export function ShownOnce({ children, label, text, kept, onKept }: Props) {
  return (
    <Stack>
      <Text size="sm">{children}</Text>
      <Code title={label} text={text} />
      <Group justify="flex-end">
        <Button onClick={onKept} data-autofocus>
          {kept}
        </Button>
      </Group>
    </Stack>
  );
}
