import { Button, Group } from '@mantine/core';
import { IconCheck, IconTerminal2 } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Code } from '../components/code.tsx';
import { useCopying } from '../components/copy.tsx';

/** Copies a command; where the browser lets nothing be copied it is shown, to be selected. */
export function CurlCommand({ command }: { command: string }) {
  const { t } = useTranslation();
  const place = useRef<HTMLPreElement>(null);
  const { copied, copy, refused } = useCopying(command, place);
  return (
    <>
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconTerminal2 size={15} aria-hidden />}
          onClick={copy}
        >
          {copied ? t('common.copied') : t('deliveries.request.curl')}
        </Button>
      </Group>
      {refused && (
        <Code title={t('deliveries.request.command')} text={command} maxHeight={220} place={place} />
      )}
    </>
  );
}
