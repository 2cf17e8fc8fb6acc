import { Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { newBatch } from './delivery-draft.ts';
import type { TabProps } from './editor.tsx';

/** Whether several events go in one request, and which. */
export function BatchFields({ form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { batch } = form.values;
  const problem = problemAt('batch');
  const inside = (['maxItems', 'maxWaitMs', 'by'] as const).some((name) => problemAt(`batch.${name}`));
  return (
    <Stack gap="sm" role="group" aria-label={t('webhooks.batch.title')}>
      <Switch
        label={t('webhooks.batch.title')}
        description={t('webhooks.batch.hint')}
        checked={batch !== null}
        onChange={(event) => form.setFieldValue('batch', event.currentTarget.checked ? newBatch() : null)}
        error={inside ? undefined : problem}
      />
      {batch !== null && (
        <>
          <Group grow align="flex-start">
            <NumberInput
              label={t('webhooks.batch.maxItems')}
              allowDecimal={false}
              {...form.getInputProps('batch.maxItems')}
              error={problemAt('batch.maxItems')}
            />
            <NumberInput
              label={t('webhooks.batch.maxWait')}
              decimalScale={3}
              {...form.getInputProps('batch.maxWaitSeconds')}
              error={problemAt('batch.maxWaitMs')}
            />
          </Group>
          <TextInput
            label={t('webhooks.batch.by')}
            description={t('webhooks.batch.byHint')}
            {...form.getInputProps('batch.by')}
            error={problemAt('batch.by')}
          />
        </>
      )}
    </Stack>
  );
}
