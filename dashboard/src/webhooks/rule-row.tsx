import { Autocomplete, Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OPERATORS } from '../../../src/condition/operators.ts';
import { ActionButton } from './action-button.tsx';
import { formOf, type Operator, type RuleDraft } from './condition-rules.ts';
import type { TabProps } from './editor.tsx';
import { RuleValues } from './rule-values.tsx';

interface RuleProblems {
  readonly field: string | undefined;
  readonly operator: string | undefined;
  readonly value: string | undefined;
}

/** What is wrong with each part of a rule. What is wrong with all of it stands at its field. */
export function problemsOfRule(problemAt: TabProps['problemAt'], path: string): RuleProblems {
  const operator = problemAt(`${path}.operator`);
  const value = problemAt(`${path}.value`);
  const field = problemAt(`${path}.field`) ?? (operator || value ? undefined : problemAt(path));
  return { field, operator, value };
}

interface Props {
  readonly fields: readonly string[];
  readonly rule: RuleDraft;
  readonly problems: RuleProblems;
  readonly onChange: (rule: RuleDraft) => void;
  /** These are absent where it can't be done. */
  readonly onRemove?: () => void;
  readonly onMoveIn?: () => void;
  readonly onMoveOut?: () => void;
}

/** One rule: a field, how it is compared, and with what. */
export function RuleRow({ fields, rule, problems, onChange, onRemove, onMoveIn, onMoveOut }: Props) {
  const { t } = useTranslation();
  const operators = Object.keys(OPERATORS) as Operator[];
  return (
    <Group gap="xs" align="flex-start" role="group" aria-label={t('webhooks.condition.rule')}>
      <Autocomplete
        aria-label={t('webhooks.condition.field')}
        placeholder="order.total"
        data={[...fields]}
        limit={50}
        flex="2 1 12rem"
        value={rule.field}
        error={problems.field}
        onChange={(field) => onChange({ ...rule, field })}
      />
      <Select
        aria-label={t('webhooks.condition.operator')}
        flex="1 1 11rem"
        searchable
        allowDeselect={false}
        data={operators.map((value) => ({ value, label: t(`webhooks.operators.${value}`) }))}
        value={rule.operator}
        error={problems.operator}
        onChange={(operator) => onChange({ ...rule, operator: operator as Operator, kept: undefined })}
      />
      <RuleValues
        form={formOf(rule.operator)}
        values={rule.values}
        problem={problems.value}
        onChange={(values) => onChange({ ...rule, values, kept: undefined })}
      />
      <Group gap={0} mt={4} wrap="nowrap" ml="auto">
        {onMoveOut && (
          <ActionButton action="moveOut" label={t('webhooks.condition.moveOut')} onClick={onMoveOut} />
        )}
        {onMoveIn && (
          <ActionButton action="moveIn" label={t('webhooks.condition.moveIn')} onClick={onMoveIn} />
        )}
        {onRemove && (
          <ActionButton action="remove" label={t('webhooks.condition.remove')} onClick={onRemove} />
        )}
      </Group>
    </Group>
  );
}
