import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../components/save-file.ts';
import { readAsJsonLines } from './json-lines.ts';

/** Saves what is listed as a file, all pages of it. */
export function ExportButton({ path, query }: { path: string; query: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: () => readAsJsonLines(path, query),
    onSuccess: ({ text, whole }) => {
      saveFile('audit-log.jsonl', text, 'application/jsonl');
      if (!whole) notifications.show({ message: t('people.audit.cutOff') });
    },
  });
  return (
    <Button
      variant="default"
      loading={isPending}
      leftSection={<IconDownload size={16} aria-hidden />}
      onClick={() => mutate()}
    >
      {t('people.audit.export')}
    </Button>
  );
}
