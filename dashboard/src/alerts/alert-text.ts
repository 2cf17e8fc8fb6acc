import type { TFunction } from 'i18next';
import type { AlertView } from '../data/alerts.ts';

/** What an alert is about, in the viewer's language. */
export function alertText(t: TFunction, { kind }: AlertView): string {
  return t(`alerts.kinds.${kind}`);
}
