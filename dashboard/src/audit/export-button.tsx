import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readAsJsonLines } from './json-lines.ts';

/** Saves what is listed as a file, all pages of it. */
export function ExportButton({ path, query }: { path: string; query: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: () => readAsJsonLines(path, query),
    onSuccess: ({ text, whole }) => {
      save('audit-log.jsonl', text);
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

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
