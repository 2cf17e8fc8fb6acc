import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { liquid } from '@codemirror/lang-liquid';
import { xml } from '@codemirror/lang-xml';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type MergeField, mergeFieldsQuery } from '../data/event-types.ts';
import { cspNonce } from '../nonce.ts';
import { templateColours } from './template-colours.ts';

export interface TemplateEditorHandle {
  /** Puts a text where the cursor is. */
  insert(text: string): void;
}

interface Props {
  readonly account: string;
  readonly eventType: string | undefined;
  readonly mimeType: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly handle: RefObject<TemplateEditorHandle | null>;
  readonly onChange: (text: string) => void;
}

const look = EditorView.theme({
  '&': {
    border: '1px solid var(--wb-line)',
    borderRadius: 'var(--mantine-radius-md)',
    backgroundColor: 'var(--wb-panel)',
    color: 'inherit',
    fontSize: '13px',
  },
  '.cm-content': { minHeight: '300px', caretColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--mantine-color-dimmed)' },
  '.cm-scroller': { maxHeight: '560px', fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-tooltip': { backgroundColor: 'var(--wb-panel)', border: '1px solid var(--wb-line)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
});

/** The editor of a template, which completes the fields of the events it is for. */
export function TemplateEditor({ account, eventType, mimeType, value, readOnly, handle, onChange }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const language = useRef(new Compartment());
  const fields = useRef<readonly MergeField[]>([]);
  const changed = useRef(onChange);
  changed.current = onChange;
  const { data } = useQuery({
    ...mergeFieldsQuery(account, eventType ?? '', ''),
    enabled: eventType !== undefined,
  });
  fields.current = data ?? [];
  const label = t('webhooks.payload.template');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and told of changes below
  useEffect(() => {
    if (!place.current) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(cspNonce),
          lineNumbers(),
          history(),
          bracketMatching(),
          syntaxHighlighting(templateColours),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorState.readOnly.of(readOnly),
          look,
          language.current.of(languageOf(mimeType)),
          autocompletion({ override: [(context) => complete(context, fields.current)] }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(mimeType)) });
  }, [mimeType]);

  useEffect(() => {
    const editor = view.current;
    // Where somebody is typing, the editor is ahead of what it is given.
    if (!editor || editor.hasFocus) return;
    const text = value.replaceAll(/\r\n?/g, '\n');
    const { doc } = editor.state;
    if (doc.toString() !== text) editor.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
  }, [value]);

  useImperativeHandle(handle, () => ({
    insert: (text) => {
      const editor = view.current;
      if (!editor) return;
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    },
  }));

  return <div ref={place} dir="ltr" />;
}

function languageOf(mimeType: string) {
  if (mimeType === 'application/json') return liquid({ base: json() });
  return mimeType === 'application/xml' ? liquid({ base: xml() }) : liquid();
}

/** After `$$` the merge fields, after `{{` the same as Liquid names them. */
function complete(context: CompletionContext, fields: readonly MergeField[]): CompletionResult | null {
  const merge = context.matchBefore(/\$\$[\w.]*$/);
  if (merge) {
    const options = flat(fields).flatMap(({ name, type, sample }) =>
      name === null ? [] : [{ label: `$$${name}$$`, detail: type, ...(sample !== null && { info: sample }) }],
    );
    return { from: merge.from, options, validFor: /^\$\$[\w.]*$/ };
  }
  const output = context.matchBefore(/\{\{\s*[\w.]*$/);
  if (!output) return null;
  const from = output.from + (output.text.match(/^\{\{\s*/)?.[0].length ?? 2);
  return { from, options: flat(fields).map(({ liquid, type }) => ({ label: liquid, detail: type })) };
}

function flat(fields: readonly MergeField[]): MergeField[] {
  return fields.flatMap((field) => [field, ...flat(field.fields ?? [])]);
}
