import { Stack, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConditionBuilder } from './condition-builder.tsx';
import { readCondition } from './condition-rules.ts';
import type { TabProps } from './editor.tsx';
import { FilterFields } from './filter-fields.tsx';
import { WouldFire } from './would-fire.tsx';

/** Which events go out, of the types and channels that are chosen. */
export function ConditionTab(props: TabProps) {
  const { t } = useTranslation();
  const { form, readOnly, problemAt } = props;
  return (
    <Stack gap="lg">
      <fieldset disabled={readOnly} className="bare">
        <Stack gap="lg">
          <FilterFields {...props} />
          <Text size="sm" c="dimmed" maw={640}>
            {t('webhooks.condition.lead')}
          </Text>
          {form.values.conditionJson === null ? (
            <ConditionBuilder {...props} />
          ) : (
            <AsJson form={form} problem={problemAt('condition')} />
          )}
        </Stack>
      </fieldset>
      <WouldFire {...props} />
    </Stack>
  );
}

/** A condition with dates or types: the builder would lose what it can't show. */
function AsJson({ form, problem }: { form: TabProps['form']; problem: string | undefined }) {
  const { t } = useTranslation();
  const text = form.values.conditionJson ?? '';
  return (
    <Textarea
      label={t('webhooks.condition.json')}
      description={t('webhooks.condition.jsonHint')}
      autosize
      minRows={8}
      maxRows={24}
      classNames={{ input: 'mono' }}
      value={text}
      error={readCondition(text) === undefined ? t('webhooks.condition.notJson') : problem}
      onChange={(event) => form.setFieldValue('conditionJson', event.currentTarget.value)}
    />
  );
}
