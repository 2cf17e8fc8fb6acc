import { Select, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CodeExample } from '../../../src/code-examples/code-examples.ts';
import { Code } from './code.tsx';
import { Queried } from './states.tsx';

/** Code for receivers, in the language that was chosen last. */
export function CodeExamples({ query }: { query: UseQueryResult<readonly CodeExample[]> }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw={720}>
        {t('verify.lead')}
      </Text>
      <Queried query={query}>{(examples) => <InOneLanguage examples={examples} />}</Queried>
    </Stack>
  );
}

function InOneLanguage({ examples }: { examples: readonly CodeExample[] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useLocalStorage({
    key: 'waybill-code-language',
    defaultValue: 'node',
    getInitialValueInEffect: false,
  });
  const example = examples.find(({ language }) => language === chosen) ?? examples[0];
  if (!example) return null;
  return (
    <>
      <Select
        label={t('verify.language')}
        w={240}
        maw="100%"
        allowDeselect={false}
        data={examples.map(({ language, title }) => ({ value: language, label: title }))}
        value={example.language}
        onChange={(language) => setChosen(language ?? 'node')}
      />
      <Code title={example.file} text={example.code} maxHeight={640} />
    </>
  );
}
