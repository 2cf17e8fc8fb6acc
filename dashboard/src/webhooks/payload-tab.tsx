import { Button, Grid, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBraces } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../components/lazy-part.tsx';
import { eventTypesQuery } from '../data/event-types.ts';
import type { EventView } from '../data/events.ts';
import { useWantedTypes } from './data-fields.ts';
import type { TabProps } from './editor.tsx';
import { MergeFieldsDrawer } from './merge-fields-drawer.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import type { TemplateEditorHandle } from './template-editor.tsx';

const TemplateEditor = lazyPart(
  async () => (await import('./template-editor.tsx')).TemplateEditor,
  <Skeleton height={320} />,
);
const MIME_TYPES = ['application/json', 'application/xml', 'text/plain'] as const;

/** What is sent: the default payload, or one of a template, beside what comes of it. */
export function PayloadTab(props: TabProps) {
  const { account, form, readOnly, problemAt } = props;
  const { t } = useTranslation();
  const [drawer, { open, close }] = useDisclosure(false);
  const editor = useRef<TemplateEditorHandle>(null);
  // One for the fields and for what comes of them.
  const [event, setEvent] = useState<EventView | null>(null);
  const wanted = useWantedTypes(account, form.values);
  const eventType = wanted.find((name) => name === event?.type) ?? wanted[0];
  const noFields = useWhyNoFields(props, eventType);
  const whyId = useId();
  const { payload } = form.values;
  const problem = problemAt('payload');
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Stack>
          <Group align="flex-end" justify="space-between">
            <Select
              label={t('webhooks.payload.mimeType')}
              allowDeselect={false}
              disabled={readOnly}
              data={[...MIME_TYPES]}
              value={payload.mimeType}
              onChange={(mimeType) => form.setFieldValue('payload', { ...payload, mimeType: mimeType ?? '' })}
            />
            <Button
              variant="default"
              leftSection={<IconBraces size={16} aria-hidden />}
              onClick={open}
              disabled={eventType === undefined}
              aria-describedby={noFields === undefined ? undefined : whyId}
            >
              {t('webhooks.payload.fields')}
            </Button>
          </Group>
          {noFields !== undefined && (
            <Text size="sm" c="dimmed" id={whyId}>
              {t('webhooks.payload.fields')}: {noFields}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {t('webhooks.payload.lead')}
          </Text>
          <TemplateEditor
            account={account}
            eventType={eventType}
            mimeType={payload.mimeType}
            value={payload.template}
            handle={editor}
            readOnly={readOnly}
            onChange={(template) => form.setFieldValue('payload', { ...form.getValues().payload, template })}
          />
          {problem && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {problem}
            </Text>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <PreviewPanel {...props} event={event} onEvent={setEvent} />
      </Grid.Col>
      {eventType !== undefined && (
        <MergeFieldsDrawer
          account={account}
          eventType={eventType}
          types={form.values.allEvents ? undefined : form.values.events}
          event={event}
          onEvent={setEvent}
          opened={drawer}
          onClose={close}
          onInsert={readOnly ? undefined : (text) => editor.current?.insert(text)}
        />
      )}
    </Grid>
  );
}

/** Why there are no fields to choose from; undefined: there are, or the catalog hasn't been read yet. */
function useWhyNoFields({ account, form }: TabProps, eventType: string | undefined): string | undefined {
  const { t } = useTranslation();
  const { isSuccess } = useQuery(eventTypesQuery(account));
  if (eventType !== undefined || !isSuccess) return undefined;
  const { allEvents, events } = form.values;
  return t(allEvents || events.length > 0 ? 'webhooks.payload.fieldsUnknown' : 'webhooks.payload.fieldsNeed');
}
