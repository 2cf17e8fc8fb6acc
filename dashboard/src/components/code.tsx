import { Box, Group, ScrollArea, Text } from '@mantine/core';
import { Copy } from './copy.tsx';

/** Text as it is, in a box that scrolls: escaped, left to right, whatever it holds. */
export function Code({ text, title, maxHeight = 360 }: { text: string; title: string; maxHeight?: number }) {
  return (
    <Box className="panel">
      <Group justify="space-between" px="sm" py={4} style={{ borderBottom: '1px solid var(--wb-line)' }}>
        <Text size="xs" c="dimmed" fw={550}>
          {title}
        </Text>
        <Copy text={text} what={title} />
      </Group>
      <ScrollArea.Autosize
        mah={maxHeight}
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}
      >
        <pre
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
