import type { Template } from '../../profile/template.ts';

/** What a template refers to, if that is all there is to it; undefined if there is more, or nothing. */
export function onlyReferenceIn(template: Template): string | undefined {
  const [first, last] = template.parts;
  return template.parts.length === 2 && first?.text === '' && last?.text === ''
    ? (first.reference ?? undefined)
    : undefined;
}

/** A template as it was written down. */
export function templateText(template: Template): string {
  return template.parts
    .map(({ text, reference }) => (reference === null ? text : `${text}{${reference}}`))
    .join('');
}

/** The references of a template, each once. */
export function referencesIn(...templates: readonly Template[]): string[] {
  const all = templates.flatMap(({ parts }) => parts.map(({ reference }) => reference));
  return [...new Set(all.filter((reference) => reference !== null))];
}

/** A regular expression, without its anchors, for what a template can be filled in to. */
export function templatePattern(template: Template, patternOf: (reference: string) => string): string {
  return template.parts
    .map(({ text, reference }) => literal(text) + (reference === null ? '' : patternOf(reference)))
    .join('');
}

/** A text as a regular expression for itself. */
export function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
