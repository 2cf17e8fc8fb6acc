import { Button, Center, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from '../words/problem-words.ts';
import { Callout } from './tone.tsx';

/** What stands where something is still being read: its shape, so that nothing jumps when it comes. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" p="md" role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={row} height={22} radius="sm" width={`${96 - ((row * 17) % 30)}%`} />
      ))}
    </Stack>
  );
}

/** Why something couldn't be shown, and a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  return (
    <Callout tone="bad" title={t('common.failed')}>
      <Text size="sm" className="foreign">
        {problemText(error, t('common.unexpected'))}
      </Text>
      {retry && (
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </Callout>
  );
}

/** That there is nothing, why, and what to do about it. */
export function Empty({ title, icon, children }: { title: string; icon?: ReactNode; children?: ReactNode }) {
  return (
    <Center p="xl">
      <Stack gap="xs" align="center" maw={440} ta="center">
        <ThemeIcon size={48} radius="xl" variant="light" color="gray" aria-hidden>
          {icon ?? <IconInbox size={26} />}
        </ThemeIcon>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Text component="div" c="dimmed" size="sm">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}

/** A query in each of its states. What has been read once stays while it is read again. */
export function Queried<Data>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(rows !== undefined && { rows })} />;
}
