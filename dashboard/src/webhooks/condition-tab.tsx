import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OPERATORS } from '../../../src/condition/operators.ts';
import { Panel } from '../components/page.tsx';
import {
  conditionOf,
  formOf,
  type Operator,
  type RuleDraft,
  readCondition,
  rulesOf,
} from './condition-rules.ts';
import { useDataFields } from './data-fields.ts';
import type { TabProps } from './editor.tsx';
import { FilterFields } from './filter-fields.tsx';
import { RuleValues } from './rule-values.tsx';
import { WouldFire } from './would-fire.tsx';

/** Which events go out, of the types and channels that are chosen. */
export function ConditionTab(props: TabProps) {
  const { t } = useTranslation();
  const { form, readOnly, problemAt } = props;
  const problem = problemAt('condition');
  return (
    <Stack gap="lg">
      <fieldset disabled={readOnly} className="bare">
        <Stack gap="lg">
          <FilterFields {...props} />
          <Text size="sm" c="dimmed" maw={640}>
            {t('webhooks.condition.lead')}
          </Text>
          {problem && form.values.conditionJson === null && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {problem}
            </Text>
          )}
          {form.values.conditionJson === null ? (
            <Builder {...props} />
          ) : (
            <AsJson form={form} problem={problem} />
          )}
        </Stack>
      </fieldset>
      <WouldFire {...props} />
    </Stack>
  );
}

function Builder({ account, form }: TabProps) {
  const { t } = useTranslation();
  const { condition } = form.values;
  const [rules, setRules] = useState(() => rulesOf(condition));
  const join = condition !== null && 'any' in condition ? 'any' : 'all';
  const mode = condition?.mode ?? 'continue';
  const change = (
    next: RuleDraft[],
    nextJoin: 'all' | 'any' = join,
    nextMode: 'continue' | 'stop' = mode,
  ) => {
    setRules(next);
    form.setFieldValue('condition', conditionOf(next, nextJoin, nextMode));
  };
  return (
    <Panel padded>
      <Stack>
        {rules.length > 0 && (
          <Group gap="sm">
            <SegmentedControl
              aria-label={t('webhooks.condition.mode')}
              value={mode}
              onChange={(value) => change(rules, join, value as 'continue' | 'stop')}
              data={[
                { value: 'continue', label: t('webhooks.condition.send') },
                { value: 'stop', label: t('webhooks.condition.hold') },
              ]}
            />
            <Select
              aria-label={t('webhooks.condition.join')}
              w={210}
              allowDeselect={false}
              value={join}
              onChange={(value) => change(rules, value as 'all' | 'any')}
              data={[
                { value: 'all', label: t('webhooks.condition.all') },
                { value: 'any', label: t('webhooks.condition.any') },
              ]}
            />
          </Group>
        )}
        {rules.length === 0 && <Text size="sm">{t('webhooks.condition.none')}</Text>}
        {rules.map((rule, index) => (
          <RuleRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is told from the next by its place alone
            key={index}
            account={account}
            form={form}
            rule={rule}
            onChange={(next) => change(rules.with(index, next))}
            onRemove={() => change(rules.toSpliced(index, 1))}
          />
        ))}
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => change([...rules, { field: '', operator: 'equals', values: [] }])}
        >
          {t('webhooks.condition.add')}
        </Button>
      </Stack>
    </Panel>
  );
}

interface RuleRowProps {
  readonly account: string;
  readonly form: TabProps['form'];
  readonly rule: RuleDraft;
  readonly onChange: (rule: RuleDraft) => void;
  readonly onRemove: () => void;
}

function RuleRow({ account, form, rule, onChange, onRemove }: RuleRowProps) {
  const { t } = useTranslation();
  const fields = useDataFields(account, form.values);
  const operators = Object.keys(OPERATORS) as Operator[];
  return (
    <Group gap="xs" align="flex-start" role="group" aria-label={t('webhooks.condition.rule')}>
      <Autocomplete
        aria-label={t('webhooks.condition.field')}
        placeholder="order.total"
        data={fields}
        limit={50}
        flex="2 1 12rem"
        value={rule.field}
        onChange={(field) => onChange({ ...rule, field })}
      />
      <Select
        aria-label={t('webhooks.condition.operator')}
        flex="1 1 11rem"
        searchable
        allowDeselect={false}
        data={operators.map((value) => ({ value, label: t(`webhooks.operators.${value}`) }))}
        value={rule.operator}
        onChange={(operator) => onChange({ ...rule, operator: operator as Operator, kept: undefined })}
      />
      <RuleValues
        form={formOf(rule.operator)}
        values={rule.values}
        onChange={(values) => onChange({ ...rule, values, kept: undefined })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        mt={6}
        aria-label={t('webhooks.condition.remove')}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

/** A condition with groups in groups, dates or types: the builder would lose what it can't show. */
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
