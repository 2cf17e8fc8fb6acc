import { Button, Group, Stack, Tabs } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api.ts';
import { LeaveGuard } from '../components/leave-guard.tsx';
import { Callout } from '../components/tone.tsx';
import { fieldText, problemText } from '../words/problem-words.ts';
import { AuthenticationTab } from './authentication-tab.tsx';
import { ConditionTab } from './condition-tab.tsx';
import { DeliveryTab } from './delivery-tab.tsx';
import { TABS, type Tab, tabOf, type WebhookDraft } from './draft.ts';
import { keepEnterFromSending } from './enter-key.ts';
import { GeneralTab } from './general-tab.tsx';
import { PayloadTab } from './payload-tab.tsx';
import { type Save, useSaving } from './saving.ts';
import { VerifyTab } from './verify-tab.tsx';

export type WebhookForm = UseFormReturnType<WebhookDraft>;

/** What every tab gets. */
export interface TabProps {
  readonly account: string;
  /** Undefined while it hasn't been saved yet. */
  readonly webhookId: string | undefined;
  readonly form: WebhookForm;
  /** Whether it may only be looked at, and tried out. */
  readonly readOnly: boolean;
  /** What the API says is wrong with a field, by the field's name there. */
  readonly problemAt: (path: string) => string | undefined;
}

const PANELS = {
  general: GeneralTab,
  authentication: AuthenticationTab,
  payload: PayloadTab,
  condition: ConditionTab,
  delivery: DeliveryTab,
} as const;

/** These have parts for everybody, and disable the others by themselves. */
const TRIES_OUT: ReadonlySet<Tab> = new Set(['general', 'payload', 'condition']);

interface Props {
  readonly account: string;
  readonly webhookId?: string;
  readonly draft: WebhookDraft;
  readonly readOnly: boolean;
  /** @returns what is saved then, as the API answers it */
  readonly save: Save;
  /** After it was saved; whether with the button that closes it, too. */
  readonly onSaved: (andClose: boolean) => void;
  readonly cancel: () => void;
  /** Whether something else stands in the form than what was saved, as soon as that changes. */
  readonly onDirty?: (dirty: boolean) => void;
}

/**
 * All that a webhook can be told, in five tabs, and how its receiver verifies what it gets. What the API refuses is shown at
 * its field, and its tab is marked.
 */
export function WebhookEditor({
  account,
  webhookId,
  draft,
  readOnly,
  save,
  onSaved,
  cancel,
  onDirty,
}: Props) {
  const { t } = useTranslation();
  const form = useForm<WebhookDraft>({ initialValues: draft });
  const dirty = !readOnly && form.isDirty();
  useEffect(() => onDirty?.(dirty), [dirty, onDirty]);
  const [tab, setTab] = useState<Tab | 'verify'>('general');
  const { problem, saving, submit } = useSaving(form, save, onSaved, setTab);
  const errors = problem instanceof ApiProblem ? problem.errors : [];
  const marked = new Set(errors.map(({ path }) => tabOf(path)));
  const problemAt = (path: string) => {
    const found = errors.find(
      (error) =>
        error.path === path || error.path.startsWith(`${path}.`) || error.path.startsWith(`${path}[`),
    );
    return found && fieldText(found);
  };
  return (
    <form
      onKeyDown={keepEnterFromSending}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <LeaveGuard isDirty={() => !readOnly && form.isDirty()} />
      <Stack>
        {readOnly && <Callout tone="quiet" title={t('webhooks.readOnly')} />}
        {problem !== undefined && <Callout tone="bad" title={problemText(problem, t('common.unexpected'))} />}
        <Tabs value={tab} onChange={(value) => setTab(value as Tab | 'verify')} keepMounted={false}>
          <Tabs.List mb="lg">
            {TABS.map((name) => (
              <Tabs.Tab
                key={name}
                value={name}
                rightSection={
                  marked.has(name) && (
                    <IconAlertCircle size={16} color="var(--mantine-color-error)" aria-hidden />
                  )
                }
              >
                {t(`webhooks.tabs.${name}`)}
              </Tabs.Tab>
            ))}
            {webhookId !== undefined && <Tabs.Tab value="verify">{t('webhooks.tabs.verify')}</Tabs.Tab>}
          </Tabs.List>
          {TABS.map((name) => {
            const Panel = PANELS[name];
            return (
              <Tabs.Panel key={name} value={name}>
                <fieldset
                  disabled={readOnly && !TRIES_OUT.has(name)}
                  className={readOnly ? 'bare read-only' : 'bare'}
                >
                  <Panel
                    account={account}
                    webhookId={webhookId}
                    form={form}
                    readOnly={readOnly}
                    problemAt={problemAt}
                  />
                </fieldset>
              </Tabs.Panel>
            );
          })}
          {webhookId !== undefined && (
            <Tabs.Panel value="verify">
              <VerifyTab account={account} webhookId={webhookId} />
            </Tabs.Panel>
          )}
        </Tabs>
        {!readOnly && tab !== 'verify' && (
          <Group justify="flex-end" className="save-bar">
            <Button variant="default" onClick={cancel}>
              {t('common.cancel')}
            </Button>
            <Button variant="light" type="submit" loading={saving}>
              {t('common.save')}
            </Button>
            <Button loading={saving} onClick={() => void submit(true)}>
              {t('common.saveAndClose')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
