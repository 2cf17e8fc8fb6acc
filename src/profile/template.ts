/** What a profile can refer to, beside the members of an event's data. */
const REFERENCES = new Set([
  'event.id',
  'event.type',
  'event.time',
  'event.timestamp',
  'event.subject',
  'event.channel',
  'event.version',
  'event.data',
  'event.payload',
  'payload.version',
  'delivery.id',
  'attempt.number',
  'attempt.timestamp',
  'webhook.id',
]);
const DATA = 'event.data.';

/** Whether a text names something a profile can refer to. */
export function isReference(text: string): boolean {
  return REFERENCES.has(text) || (text.startsWith(DATA) && text.length > DATA.length);
}

/** The member of the data a reference names; undefined for any other reference. */
export function dataMember(reference: string): string | undefined {
  return reference.startsWith(DATA) ? reference.slice(DATA.length) : undefined;
}

/** Texts and references in turn: what stands between the braces, and what stands around them. */
export interface Template {
  readonly parts: readonly { readonly text: string; readonly reference: string | null }[];
}

/**
 * Takes a template such as `t={attempt.timestamp}` apart; a string says what is wrong with it.
 *
 * @param own what it may refer to beside what any template may
 */
export function compileTemplate(text: string, own: readonly string[]): Template | string {
  if (!/^[\x20-\x7e]*$/.test(text)) return 'must be visible ASCII in one line';
  const parts: { text: string; reference: string | null }[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
    const reference = match[1] ?? '';
    // A projection is JSON, and of the body alone.
    const known = isReference(reference) && reference !== 'event.payload';
    if (!known && !own.includes(reference)) return `{${reference}} can't be referred to here`;
    parts.push({ text: text.slice(end, match.index), reference });
    end = match.index + match[0].length;
  }
  parts.push({ text: text.slice(end), reference: null });
  if (parts.some((part) => /[{}]/.test(part.text))) return 'has a brace without its other half';
  return { parts };
}

/** Fills a template in. */
export function fillTemplate(template: Template, textOf: (reference: string) => string): string {
  let filled = '';
  for (const { text, reference } of template.parts) {
    filled += text;
    if (reference !== null) filled += textOf(reference);
  }
  return filled;
}
