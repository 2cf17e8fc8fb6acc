import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useBranding } from './branding.ts';
import { Mark } from './mark.tsx';

/** The pages of those who haven't signed in: one box, and nothing around it. */
export function Outside({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { name } = useBranding();
  useDocumentTitle(`${title} · ${name ?? 'Waybill'}`);
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={400} gap="lg">
        <Mark />
        <Paper p="xl" withBorder>
          <Stack>
            <div>
              <Title order={1} size="h2">
                {title}
              </Title>
              {lead && (
                <Text size="sm" c="dimmed">
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
