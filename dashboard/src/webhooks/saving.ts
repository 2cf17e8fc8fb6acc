import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api.ts';
import { readCondition } from './condition-rules.ts';
import { afterSaving, lackingIn, type Tab, tabOf, type WebhookDraft } from './draft.ts';
import { stillWrong } from './refusal.ts';

/** Saves a draft. @returns what is saved then, as the API answers it */
export type Save = (draft: WebhookDraft) => Promise<WebhookDraft>;

/** Saves what stands in the form, which shows then what the API answered, and leads to the tab of what it refused. */
export function useSaving(
  form: UseFormReturnType<WebhookDraft>,
  save: Save,
  onSaved: (andClose: boolean) => void,
  show: (tab: Tab) => void,
) {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<{ error: unknown; of: WebhookDraft } | undefined>();
  const [saving, setSaving] = useState(false);
  const refuse = (error: unknown, of: WebhookDraft) => {
    setRefused({ error, of });
    const first = error instanceof ApiProblem ? error.errors[0] : undefined;
    if (first) show(tabOf(first.path));
  };
  const submit = async (andClose: boolean) => {
    const values = form.getValues();
    const unfit = unfitOf(values, t('webhooks.condition.notJson'));
    if (unfit) return refuse(unfit, values);
    setSaving(true);
    try {
      const saved = await save(values);
      setRefused(undefined);
      form.setValues(afterSaving(form.getValues(), values, saved));
      form.resetDirty(saved);
      onSaved(andClose);
    } catch (error) {
      refuse(error, values);
    } finally {
      setSaving(false);
    }
  };
  return { problem: refused && standing(refused.error, refused.of, form.values), saving, submit };
}

/** What is left of a problem with fields once some of them were changed; undefined: nothing. */
function standing(error: unknown, of: WebhookDraft, now: WebhookDraft): unknown {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return error;
  const left = stillWrong({ errors: error.errors, of }, now);
  if (left.length === 0) return undefined;
  return new ApiProblem(error.status, error.code, error.message, left, error.params);
}

/** What is seen to be wrong before the API is asked. */
function unfitOf(draft: WebhookDraft, notJson: string): ApiProblem | undefined {
  if (draft.conditionJson !== null && readCondition(draft.conditionJson) === undefined) {
    const error = { path: 'condition', code: 'not_json', message: notJson };
    return new ApiProblem(0, 'not_json', notJson, [error]);
  }
  const lacking = lackingIn(draft);
  return lacking.length > 0 ? new ApiProblem(0, 'validation_failed', '', lacking) : undefined;
}
