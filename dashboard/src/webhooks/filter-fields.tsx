import { MultiSelect, SimpleGrid, Stack, TagsInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PresetFilterView } from '../../../src/manage/preset-view.ts';
import { Panel } from '../components/page.tsx';
import { useProfile } from '../data/profiles.ts';
import type { TabProps } from './editor.tsx';

/** What a wire format offers to choose events by, without a rule. */
export function FilterFields({ account, form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const filters = useProfile(account, form.values.profile)?.filters ?? [];
  const problem = problemAt('filters');
  if (filters.length === 0 && problem === undefined) return null;
  return (
    <Panel title={t('webhooks.filters.title')} padded>
      <Stack>
        <Text size="sm" c="dimmed" maw={640}>
          {t('webhooks.filters.lead')}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {filters.map((filter) => (
            <FilterField key={filter.name} filter={filter} form={form} problemAt={problemAt} />
          ))}
        </SimpleGrid>
        {problem !== undefined && !filters.some(({ name }) => problemAt(`filters.${name}`)) && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

const INPUT_FIRST: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

type FilterFieldProps = Pick<TabProps, 'form' | 'problemAt'> & { readonly filter: PresetFilterView };

/** Of those that can be chosen, or of any: the API takes a number that is written as text for the number. */
function FilterField({ filter, form, problemAt }: FilterFieldProps) {
  const { t } = useTranslation();
  const { name, title, description, values } = filter;
  const chosen = form.values.filters[name] ?? [];
  const set = (texts: string[]) => {
    const known = [...(values ?? []), ...chosen];
    const wanted = texts.map((text) => known.find((value) => String(value) === text) ?? text);
    const { [name]: _, ...others } = form.getValues().filters;
    form.setFieldValue('filters', wanted.length > 0 ? { ...others, [name]: wanted } : others);
  };
  const shared = {
    label: title,
    description,
    placeholder: chosen.length > 0 ? '' : t('webhooks.filters.any'),
    value: chosen.map(String),
    onChange: set,
    error: problemAt(`filters.${name}`),
    // Some say more than others: their boxes stand in line all the same.
    inputWrapperOrder: INPUT_FIRST,
  };
  return values === null ? <TagsInput {...shared} /> : <MultiSelect {...shared} data={values.map(String)} />;
}
