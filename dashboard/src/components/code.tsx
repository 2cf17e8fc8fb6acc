import { Box, Group, ScrollArea, Text } from '@mantine/core';
import { type RefObject, useRef } from 'react';
import { Copy } from './copy.tsx';
import { unturned } from './unturned.ts';

interface Props {
  readonly text: string;
  readonly title: string;
  /** What is copied, where it isn't what is shown. */
  readonly copied?: string;
  readonly maxHeight?: number;
  /** Where the text stands, for whoever wants to select it. */
  readonly place?: RefObject<HTMLPreElement | null>;
}

/**
 * Text in a box that scrolls: escaped, left to right, with nothing in it that turns what stands beside it. What is
 * copied is as it was.
 */
export function Code({ text, title, copied = text, maxHeight = 360, place }: Props) {
  const own = useRef<HTMLPreElement>(null);
  const shown = place ?? own;
  const safe = unturned(text);
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
        <Copy text={copied} what={title} {...(copied === safe && { shown })} />
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
          {safe}
        </pre>
      </ScrollArea.Autosize>
    </Box>
  );
}
