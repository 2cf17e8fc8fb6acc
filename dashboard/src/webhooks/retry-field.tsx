import { Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { duration } from '../components/time.tsx';
import { useProfile } from '../data/profiles.ts';
import { webhookQuery } from '../data/webhooks.ts';
import { formatLocale } from '../i18n.ts';
import type { TabProps } from './editor.tsx';
import { type RetriesInForce, retriesInForce, waitsText } from './in-force.ts';

/** When what failed is tried again: what the webhook says, and what comes of it. */
export function RetryField({ account, webhookId, form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery({
    ...webhookQuery(account, webhookId ?? ''),
    enabled: webhookId !== undefined,
  });
  const profile = useProfile(account, form.values.profile);
  const retries = retriesInForce(form.values, webhook, profile);
  return (
    <Stack gap={4}>
      <TextInput
        label={t('webhooks.fields.retry')}
        description={t('webhooks.hints.retry')}
        placeholder={t('webhooks.retryOfProfile')}
        {...form.getInputProps('retrySchedule')}
        error={problemAt('retry')}
      />
      {retries && <InForce retries={retries} />}
    </Stack>
  );
}

function InForce({ retries: { schedule, jitter } }: { retries: RetriesInForce }) {
  const { t, i18n } = useTranslation();
  const language = formatLocale(i18n.language);
  const seconds = schedule.reduce((sum, one) => sum + one, 0);
  return (
    <Text size="sm">
      {schedule.length === 0
        ? t('webhooks.retries.none')
        : t('webhooks.retries.after', {
            waits: waitsText(schedule, language),
            count: schedule.length + 1,
            total: duration(seconds * 1000, language),
          })}
      {schedule.length > 0 && jitter && ` ${t('webhooks.retries.jitter')}`}
    </Text>
  );
}
