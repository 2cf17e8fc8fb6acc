import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { AlertRecipientView } from '../../../src/manage/alert-recipients.ts';
import type { AlertView } from '../../../src/manage/alerts.ts';
import { Callout } from '../components/tone.tsx';
import { LANGUAGES } from '../i18n.ts';
import { peoplePath, useChange } from '../people/people-data.ts';
import { problemText } from '../words/problem-words.ts';

/** In the order they are shown. A kind that is missing doesn't compile. */
const SHOWN: Readonly<Record<AlertView['kind'], true>> = {
  deliveries_failing: true,
  webhook_disabled: true,
  webhook_will_be_disabled: true,
  webhook_disabled_by_failures: true,
  certificate_expires: true,
  daily_limit_reached: true,
};
const KINDS = Object.keys(SHOWN) as AlertView['kind'][];

interface Values {
  email: string;
  /** None chosen: all. */
  kinds: AlertView['kind'][];
  language: AlertRecipientView['language'];
}

/** Has somebody told of alerts by mail. */
export function RecipientForm(props: { account: string | null; opened: boolean; onClose: () => void }) {
  const { account, opened, onClose } = props;
  const { t, i18n } = useTranslation();
  const form = useForm<Values>({
    initialValues: { email: '', kinds: [], language: i18n.language === 'sv' ? 'sv' : 'en' },
  });
  const at = peoplePath(account, 'alert-recipients');
  const add = useChange(at, { showsError: true });
  const close = () => {
    add.reset();
    form.reset();
    onClose();
  };
  const submit = ({ email, kinds, language }: Values) =>
    add.mutate(
      { method: 'POST', at, body: { email, language, kinds: kinds.length > 0 ? kinds : null } },
      { onSuccess: close },
    );
  return (
    <Modal opened={opened} onClose={close} title={t('alerts.mail.add')}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack>
          {add.isError && <Callout tone="bad" title={problemText(add.error, t('common.unexpected'))} />}
          <TextInput
            label={t('alerts.mail.email')}
            type="email"
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <Select
            label={t('alerts.mail.language')}
            allowDeselect={false}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('language')}
          />
          <Checkbox.Group
            label={t('alerts.mail.kinds')}
            description={t('alerts.mail.kindsHint')}
            {...form.getInputProps('kinds')}
          >
            <Stack gap="xs" mt="xs">
              {KINDS.map((kind) => (
                <Checkbox key={kind} value={kind} label={t(`alerts.kinds.${kind}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button type="submit" loading={add.isPending}>
              {t('alerts.mail.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
