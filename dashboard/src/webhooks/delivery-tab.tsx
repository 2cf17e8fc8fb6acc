import { ActionIcon, Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AfterFailures } from './after-failures.tsx';
import { BatchFields } from './batch-fields.tsx';
import { DEFAULT_TIMEOUT_SECONDS, headerPath } from './draft.ts';
import type { TabProps } from './editor.tsx';
import { RetryField } from './retry-field.tsx';

/** Retries, what follows when they are of no use, limits, batches, and headers of its own. */
export function DeliveryTab(props: TabProps) {
  const { form, readOnly, problemAt } = props;
  const { t } = useTranslation();
  return (
    <Stack maw={560}>
      <RetryField {...props} />
      <NumberInput
        label={t('webhooks.fields.timeout')}
        description={t('webhooks.hints.timeout')}
        min={0.1}
        max={120}
        decimalScale={1}
        placeholder={String(DEFAULT_TIMEOUT_SECONDS)}
        {...form.getInputProps('timeoutSeconds')}
        error={problemAt('timeoutMs')}
      />
      <AfterFailures {...props} />
      <Group grow align="flex-start">
        <NumberInput
          label={t('webhooks.fields.perSecond')}
          placeholder={t('webhooks.unlimited')}
          {...form.getInputProps('perSecond')}
          error={problemAt('rateLimit.perSecond')}
        />
        <NumberInput
          label={t('webhooks.fields.inFlight')}
          placeholder={t('webhooks.unlimited')}
          allowDecimal={false}
          {...form.getInputProps('inFlight')}
          error={problemAt('rateLimit.inFlight')}
        />
      </Group>
      <BatchFields {...props} />
      <Headers form={form} readOnly={readOnly} problemAt={problemAt} />
    </Stack>
  );
}

function Headers({ form, readOnly, problemAt }: Pick<TabProps, 'form' | 'readOnly' | 'problemAt'>) {
  const { t } = useTranslation();
  const { headers } = form.values;
  const problems = headers.map(
    ({ name }, index) => problemAt(headerPath(index)) ?? ofHeader(problemAt, name),
  );
  const problem = problems.some(Boolean) ? undefined : problemAt('headers');
  return (
    <Stack gap="xs" role="group" aria-label={t('webhooks.fields.headers')}>
      <Text size="sm" fw={500}>
        {t('webhooks.fields.headers')}
      </Text>
      {headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header has nothing but its place until it is named
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            flex={1}
            aria-label={t('webhooks.headerName')}
            placeholder={t('webhooks.headerName')}
            {...form.getInputProps(`headers.${index}.name`)}
            error={problems[index]}
          />
          <TextInput
            flex={1}
            aria-label={t('webhooks.headerValue')}
            placeholder={t('webhooks.headerValue')}
            {...form.getInputProps(`headers.${index}.value`)}
          />
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              mt={4}
              aria-label={t('webhooks.removeHeader', { name: header.name })}
              onClick={() => form.removeListItem('headers', index)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      {readOnly && headers.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('webhooks.noHeaders')}
        </Text>
      )}
      {!readOnly && (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => form.insertListItem('headers', { name: '', value: '' })}
        >
          {t('webhooks.addHeader')}
        </Button>
      )}
    </Stack>
  );
}

/** The API knows a header by its name alone. */
function ofHeader(problemAt: TabProps['problemAt'], name: string): string | undefined {
  return name.trim() === '' ? undefined : problemAt(`headers.${name.trim()}`);
}
