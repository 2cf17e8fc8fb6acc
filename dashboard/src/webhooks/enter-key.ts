import type { KeyboardEvent } from 'react';

/** In these Enter finds, chooses or adds something, or does nothing at all. */
const NOT_PLAIN = '[role=combobox], [role=group] *, [type=search], [type=checkbox], [type=radio]';

/** Lets Enter send a form from a field that stands alone, such as a name, and from no search, rule or list. */
export function keepEnterFromSending(event: KeyboardEvent<HTMLFormElement>): void {
  const { key, target } = event;
  if (key === 'Enter' && target instanceof HTMLInputElement && target.matches(NOT_PLAIN)) {
    event.preventDefault();
  }
}
