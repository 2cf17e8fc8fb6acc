import { NumberInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type WebhookView, webhookQuery } from '../data/webhooks.ts';
import type { TabProps } from './editor.tsx';

/** What follows when nothing arrives any more: what the webhook says, and what its wire format does. */
export function AfterFailures({ account, webhookId, form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery({
    ...webhookQuery(account, webhookId ?? ''),
    enabled: webhookId !== undefined,
  });
  const failing = webhook?.effective?.failing;
  return (
    <>
      <NumberInput
        label={t('webhooks.fields.disableAfterDays')}
        description={t('webhooks.hints.disableAfterDays')}
        placeholder={t('webhooks.afterOfInstance')}
        decimalScale={3}
        {...form.getInputProps('disableAfterDays')}
        error={problemAt('disableAfterDays')}
      />
      {failing && <FailingRule failing={failing} />}
    </>
  );
}

function FailingRule({ failing }: { failing: NonNullable<WebhookView['effective']>['failing'] }) {
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
