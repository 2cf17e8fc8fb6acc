import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useBranding } from '../layout/branding.ts';

/** A screen: its title, what it is for, what can be done on it. */
export function Page({
  title,
  lead,
  actions,
  before,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** What stands above the title: the way back. */
  before?: ReactNode;
  children: ReactNode;
}) {
  const { name } = useBranding();
  useDocumentTitle(`${title} · ${name ?? 'Waybill'}`);
  return (
    <Stack gap="lg" maw={1400} mx="auto" w="100%">
      <Box>
        {before}
        <Group justify="space-between" align="flex-end" gap="sm">
          <Box miw={0} flex="1 1 16rem">
            <Title order={1} className="foreign">
              {title}
            </Title>
            {lead && (
              <Text component="div" c="dimmed" size="sm" mt={2}>
                {lead}
              </Text>
            )}
          </Box>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      </Box>
      {children}
    </Stack>
  );
}

/** A part of a screen, with a heading if it has one. */
export function Panel({
  title,
  actions,
  padded = false,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  padded?: boolean;
  children: ReactNode;
}) {
  return (
    <section className="panel" aria-label={title}>
      {(title || actions) && (
        <Group justify="space-between" px={padded ? 'md' : 'sm'} pt="sm" pb={padded ? 0 : 'xs'}>
          {title && (
            <Title order={2} size="h3">
              {title}
            </Title>
          )}
          {actions}
        </Group>
      )}
      {padded ? <Box p="md">{children}</Box> : children}
    </section>
  );
}
