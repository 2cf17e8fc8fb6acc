import { Grid, NumberInput, Radio, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { channelsQuery } from '../data/channels.ts';
import { profilesQuery, useProfile } from '../data/profiles.ts';
import { webhookQuery } from '../data/webhooks.ts';
import { DEFAULT_PRIORITY } from './draft.ts';
import type { TabProps } from './editor.tsx';
import { EventPicker } from './event-picker.tsx';

/** Where to send, and which events. */
export function GeneralTab({ account, webhookId, form, readOnly, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery({
    ...webhookQuery(account, webhookId ?? ''),
    enabled: webhookId !== undefined,
  });
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <fieldset disabled={readOnly} className="bare">
          <Stack>
            <TextInput
              label={t('webhooks.fields.name')}
              description={t('webhooks.hints.name')}
              placeholder={URL.parse(form.values.url)?.hostname ?? ''}
              {...form.getInputProps('name')}
              error={problemAt('name')}
            />
            <TextInput
              label={t('webhooks.fields.url')}
              description={t('webhooks.hints.url')}
              placeholder="https://"
              type="url"
              {...form.getInputProps('url')}
              error={problemAt('url')}
            />
            <Switch
              label={t('webhooks.fields.active')}
              description={t('webhooks.hints.active')}
              {...form.getInputProps('active', { type: 'checkbox' })}
            />
            <Channels account={account} form={form} problemAt={problemAt} />
            <Profile account={account} webhookId={webhookId} form={form} problemAt={problemAt} />
            <NumberInput
              label={t('webhooks.fields.priority')}
              description={t('webhooks.hints.priority')}
              min={0}
              max={9}
              placeholder={String(DEFAULT_PRIORITY)}
              {...form.getInputProps('priority')}
              error={problemAt('priority')}
            />
            <Switch
              label={t('webhooks.fields.unique')}
              description={t('webhooks.hints.unique')}
              {...form.getInputProps('unique', { type: 'checkbox' })}
            />
            <Switch
              label={t('webhooks.fields.ordered')}
              description={t('webhooks.hints.ordered')}
              {...form.getInputProps('ordered', { type: 'checkbox' })}
            />
          </Stack>
        </fieldset>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <EventPicker
          account={account}
          readOnly={readOnly}
          all={form.values.allEvents}
          chosen={form.values.events}
          saved={webhook?.events ?? []}
          problem={problemAt('events')}
          onAll={(all) => form.setFieldValue('allEvents', all)}
          onChoose={(events) => form.setFieldValue('events', [...events])}
        />
      </Grid.Col>
    </Grid>
  );
}

function Channels({ account, form, problemAt }: Pick<TabProps, 'account' | 'form' | 'problemAt'>) {
  const { t } = useTranslation();
  const { data: channels } = useQuery(channelsQuery(account));
  const some = form.values.channels.length > 0;
  return (
    <Radio.Group
      label={t('webhooks.fields.channels')}
      value={some ? 'some' : 'all'}
      onChange={(value) => {
        if (value === 'all') form.setFieldValue('channels', []);
      }}
    >
      <Stack gap="xs" mt={4}>
        <Radio value="all" label={t('webhooks.channels.all')} />
        <TagsInput
          aria-label={t('webhooks.channels.some')}
          placeholder={t('webhooks.channels.some')}
          data={(channels ?? []).map(({ name }) => name)}
          value={form.values.channels}
          onChange={(names) => form.setFieldValue('channels', names)}
          error={problemAt('channels')}
        />
      </Stack>
    </Radio.Group>
  );
}

function Profile({ account, webhookId, form, problemAt }: Omit<TabProps, 'readOnly'>) {
  const { t } = useTranslation();
  const { data: profiles } = useQuery(profilesQuery);
  const profile = useProfile(account, form.values.profile);
  const versions = profile?.payloadVersions ?? [];
  const choose = (name: string | null) => {
    if ((name ?? '') === form.values.profile) return;
    form.setFieldValue('profile', name ?? '');
    // What can be chosen by and pinned is the profile's own.
    form.setFieldValue('filters', {});
    form.setFieldValue('payloadVersion', '');
  };
  return (
    <>
      <Select
        label={t('webhooks.fields.profile')}
        description={t('webhooks.hints.profile')}
        placeholder={t('webhooks.profileOfAccount')}
        // That of the account is taken when a webhook is made; one that is there has its own.
        allowDeselect={webhookId === undefined}
        data={(profiles ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        value={form.values.profile || null}
        onChange={choose}
        error={problemAt('profile')}
      />
      {(versions.length > 0 || form.values.payloadVersion !== '') && (
        <Select
          label={t('webhooks.fields.payloadVersion')}
          description={t('webhooks.hints.payloadVersion')}
          placeholder={
            profile?.payloadVersion
              ? t('webhooks.usualVersion', { version: profile.payloadVersion })
              : t('webhooks.usualVersionUnnamed')
          }
          clearable
          data={[...new Set([...versions, form.values.payloadVersion])].filter((version) => version !== '')}
          value={form.values.payloadVersion || null}
          onChange={(version) => form.setFieldValue('payloadVersion', version ?? '')}
          error={problemAt('payloadVersion')}
        />
      )}
    </>
  );
}
