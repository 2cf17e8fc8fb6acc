import { TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type Ref, useEffect, useRef, useState } from 'react';

const TYPING_MS = 300;

/** What empties each field that is on the screen. */
const fields = new Set<() => void>();

/** Empties the fields that filter, also of what was typed a moment ago and nobody has been told of. */
export function forgetTyped(): void {
  for (const forget of fields) forget();
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly width: number;
  /** What it finds, and what it doesn't. */
  readonly hint?: string;
  /** The field itself, for whoever leads the focus to it. */
  readonly field?: Ref<HTMLInputElement>;
}

/** A field that filters once typing rests, so that not every letter asks the server. */
export function TypedFilter({ label, value, onChange, width, hint, field }: Props) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const commit = useDebouncedCallback((next: string) => {
    told.current = next;
    onChange(next);
  }, TYPING_MS);
  // What comes back of one's own typing must not take away the space before the next word; what comes of anything else,
  // such as the browser's way back, stands in the field.
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    commit.cancel();
    setText(value);
  }, [value, commit]);
  useEffect(() => {
    const forget = () => {
      commit.cancel();
      told.current = '';
      setText('');
    };
    fields.add(forget);
    return () => void fields.delete(forget);
  }, [commit]);
  const input = (
    <TextInput
      {...(field && { ref: field })}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} aria-hidden />}
      w={width}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        commit(event.currentTarget.value.trim());
      }}
      {...(hint !== undefined && { 'aria-description': hint })}
    />
  );
  if (hint === undefined) return input;
  // Once something is typed it would cover what was found.
  return (
    <Tooltip label={hint} multiline w={320} position="bottom-start" disabled={text !== ''}>
      {input}
    </Tooltip>
  );
}
