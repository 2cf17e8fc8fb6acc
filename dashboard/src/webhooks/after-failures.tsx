import { NumberInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type ProfileView, useProfile } from '../data/profiles.ts';
import { webhookQuery } from '../data/webhooks.ts';
import type { TabProps } from './editor.tsx';
import { failingInForce, usualDays } from './in-force.ts';

/** What follows when nothing arrives any more: what the webhook says, and what its wire format does. */
export function AfterFailures({ account, webhookId, form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery({
    ...webhookQuery(account, webhookId ?? ''),
    enabled: webhookId !== undefined,
  });
  const profile = useProfile(account, form.values.profile);
  const failing = failingInForce(form.values, webhook, profile);
  const days = usualDays(webhook);
  const usual = days === null ? t('webhooks.usualNever') : t('webhooks.usualDays', { count: days ?? 0 });
  return (
    <>
      <NumberInput
        label={t('webhooks.fields.disableAfterDays')}
        description={t('webhooks.hints.disableAfterDays')}
        placeholder={days === undefined ? t('webhooks.afterOfInstance') : usual}
        decimalScale={3}
        {...form.getInputProps('disableAfterDays')}
        error={problemAt('disableAfterDays')}
      />
      {failing && <FailingRule failing={failing} />}
    </>
  );
}

function FailingRule({ failing }: { failing: ProfileView['failing'] }) {
  const { t } = useTranslation();
  const { after, actions } = failing;
  return (
    <div>
      <Text size="sm" fw={500}>
        {t('webhooks.failing.rule')}
      </Text>
      <Text size="sm">
        {t('webhooks.failing.after', { count: after })}:{' '}
        {actions.length === 0
          ? t('webhooks.failing.none')
          : `${actions.map((action) => t(`webhooks.failing.${action}`)).join(', ')}.`}
      </Text>
      <Text size="xs" c="dimmed">
        {t('webhooks.failing.ofProfile')}
      </Text>
    </div>
  );
}
