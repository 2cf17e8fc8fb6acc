import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountPath, callText } from '../api.ts';
import { saveFile } from '../components/save-file.ts';
import { problemText } from '../words/problem-words.ts';

/** Descriptions of what the account's receivers get. Read like all else: a frame's session is no cookie a link could send. */
export function DownloadButtons({ account, preset }: { account: string; preset: string | null }) {
  const { t } = useTranslation();
  const { mutate, isPending } = useMutation({
    mutationFn: () => callText('GET', accountPath(account, 'openapi.json')),
    onSuccess: (text) => saveFile(`${account}-openapi.json`, text, 'application/json'),
    onError: (error) =>
      notifications.show({ color: 'red', message: problemText(error, t('common.unexpected')) }),
  });
  const query = preset === null ? '' : `?preset=${encodeURIComponent(preset)}`;
  return (
    <Button.Group>
      <Button
        variant="default"
        loading={isPending}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => mutate()}
      >
        {t('catalog.openapi')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('catalog.otherFormats')}>
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={`/asyncapi/webhooks.json${query}`} download="asyncapi.json">
            {t('catalog.asyncapi')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
