import { Group, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OperandForm } from '../../../src/condition/operators.ts';

interface Props {
  readonly form: OperandForm;
  readonly values: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (values: string[]) => void;
}

const WIDE = '2 1 12rem';

/** What a rule compares with: nothing, a value, the two ends of a range, or the items of a list. */
export function RuleValues({ form, values, problem, onChange }: Props) {
  const { t } = useTranslation();
  const [first = '', second = ''] = values;
  const label = t('webhooks.condition.value');
  if (form === 'none') return <div style={{ flex: WIDE }} />;
  if (form === 'list') {
    return (
      <TagsInput
        aria-label={label}
        placeholder={t('webhooks.condition.list')}
        flex={WIDE}
        // A comma belongs to the value, as in "Oslo, NO", and so do small and capital letters.
        splitChars={[]}
        isDuplicate={(value, others) => others.includes(value)}
        value={[...values]}
        error={problem}
        onChange={onChange}
      />
    );
  }
  if (form === 'range') {
    return (
      <Group gap="xs" wrap="nowrap" align="flex-start" flex={WIDE}>
        <TextInput
          aria-label={t('common.from')}
          placeholder={t('common.from')}
          flex={1}
          value={first}
          error={problem}
          onChange={(event) => onChange([event.currentTarget.value, second])}
        />
        <TextInput
          aria-label={t('common.to')}
          placeholder={t('common.to')}
          flex={1}
          value={second}
          error={problem !== undefined}
          onChange={(event) => onChange([first, event.currentTarget.value])}
        />
      </Group>
    );
  }
  return (
    <TextInput
      aria-label={label}
      flex={WIDE}
      value={first}
      error={problem}
      onChange={(event) => onChange([event.currentTarget.value])}
    />
  );
}
