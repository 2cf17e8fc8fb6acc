import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { Panel } from '../components/page.tsx';
import { useNow } from '../components/time.tsx';
import { ToneBadge } from '../components/tone.tsx';
import { type ReplayView, replaysQuery, useChangeReplay } from '../data/replays.ts';
import { useWebhookById } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import type replays from '../locales/en/replays.json';
import { useMayChange } from '../session.ts';

/** So long what came of one stays in sight. */
const AFTERGLOW_MS = 120_000;
const TONES = { running: 'busy', paused: 'quiet', done: 'good', cancelled: 'quiet' } as const;

/** The replays that are running, also those that somebody else has begun; nothing if there are none. */
export function RunningReplays({ account }: { account: string }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const { data } = useQuery(replaysQuery(account));
  const shown = data?.filter(({ endedAt }) => endedAt === null || nowMs - Date.parse(endedAt) < AFTERGLOW_MS);
  if (!shown || shown.length === 0) return null;
  return (
    <Panel title={t('replays.running')} padded>
      <Stack gap="md">
        {shown.map((replay) => (
          <Replay key={replay.id} account={account} replay={replay} />
        ))}
      </Stack>
    </Panel>
  );
}

function Replay({ account, replay }: { account: string; replay: ReplayView }) {
  const { t, i18n } = useTranslation();
  const webhook = useWebhookById(account)(replay.webhookId);
  const { status, made, total } = replay;
  const percent = status === 'done' ? 100 : total === 0 ? 0 : Math.min(100, (100 * made) / total);
  const number = new Intl.NumberFormat(formatLocale(i18n.language));
  const progress = t('replays.progress', { made: number.format(made), total: number.format(total) });
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" miw={0}>
          <ToneBadge tone={TONES[status]}>{t(`replays.states.${status}`)}</ToneBadge>
          <AnchorLink
            to="/accounts/$account/webhooks/$webhook"
            params={{ account, webhook: replay.webhookId }}
            size="sm"
            className="foreign"
          >
            {webhook?.name || replay.webhookId}
          </AnchorLink>
          <Text size="sm" className="numbers">
            {progress}
          </Text>
        </Group>
        <Actions account={account} replay={replay} />
      </Group>
      <Progress
        value={percent}
        aria-label={progress}
        color={status === 'done' ? 'teal' : status === 'running' ? 'ink' : 'gray'}
      />
      <Text size="xs" c="dimmed" className="foreign">
        {[
          t('replays.between', {
            from: minute(replay.from, i18n.language),
            to: minute(replay.to, i18n.language),
          }),
          replay.lastStatus && t(`replays.statuses.${replay.lastStatus as keyof typeof replays.statuses}`),
          replay.types.join(', '),
          replay.channel,
          replay.subject,
          replay.ratePerSecond !== null &&
            t('replays.perSecond', { rate: number.format(replay.ratePerSecond) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Stack>
  );
}

function Actions({ account, replay: { id, status } }: { account: string; replay: ReplayView }) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const change = useChangeReplay(account);
  if (!mayChange || (status !== 'running' && status !== 'paused')) return null;
  const running = status === 'running';
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        loading={change.isPending}
        leftSection={
          running ? <IconPlayerPause size={15} aria-hidden /> : <IconPlayerPlay size={15} aria-hidden />
        }
        onClick={() => change.mutate({ id, action: running ? 'pause' : 'resume' })}
      >
        {t(running ? 'replays.pause' : 'replays.resume')}
      </Button>
      <Button
        size="xs"
        variant="subtle"
        color="red"
        disabled={change.isPending}
        leftSection={<IconX size={15} aria-hidden />}
        onClick={() => change.mutate({ id, action: 'cancel' })}
      >
        {t('replays.cancel')}
      </Button>
    </Group>
  );
}

function minute(at: string, language: string): string {
  return new Intl.DateTimeFormat(formatLocale(language), { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(at),
  );
}
