/** A text in the viewer's language, and what in it is in the words of somebody else. */
export interface Said {
  readonly text: string;
  /** A part of the text. Absent: all of it is ours. */
  readonly foreign?: string;
}

/** A text before, in and after what is foreign in it. */
export function partsOf({ text, foreign = '' }: Said): readonly [string, string, string] {
  const at = foreign === '' ? -1 : text.lastIndexOf(foreign);
  return at < 0 ? [text, '', ''] : [text.slice(0, at), foreign, text.slice(at + foreign.length)];
}
