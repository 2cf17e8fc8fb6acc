import { Box, Group, ScrollArea, Text } from '@mantine/core';
import { useRef } from 'react';
import { Copy } from './copy.tsx';

interface Props {
  readonly text: string;
  readonly title: string;
  /** What is copied, where it isn't what is shown. */
  readonly copied?: string;
  readonly maxHeight?: number;
}

/** Text as it is, in a box that scrolls: escaped, left to right, whatever it holds. */
export function Code({ text, title, copied = text, maxHeight = 360 }: Props) {
  const shown = useRef<HTMLPreElement>(null);
  return (
    <Box className="panel">
      <Group
        justify="space-between"
        wrap="nowrap"
        px="sm"
        py={4}
        style={{ borderBottom: '1px solid var(--wb-line)' }}
      >
        <Text size="xs" c="dimmed" fw={550}>
          {title}
        </Text>
        <Copy text={copied} what={title} {...(copied === text && { shown })} />
      </Group>
      <ScrollArea.Autosize
        mah={maxHeight}
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}
      >
        <pre
          ref={shown}
          className="mono"
          dir="ltr"
          style={{ margin: 0, padding: '0.625rem 0.75rem', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {text}
        </pre>
      </ScrollArea.Autosize>
    </Box>
  );
}
