import { styleText } from 'node:util';
import { codeOf } from '../failure.ts';

const GAP = '  ';

/** One line to standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Ends the program when whoever reads what it says has read enough, as "head" does. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') process.exit();
    throw error;
  });
}

/** For programs. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** What stands above something; bold where that is wanted: styleText heeds NO_COLOR, and whether this is a terminal. */
export function heading(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

/** Rows as lines with their columns below each other. No column but the last gets wider than `maxWidth`. */
export function columns(rows: readonly (readonly string[])[], maxWidth = 44): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => {
    const lengths = rows.map((row) => row[column]?.length ?? 0).filter((length) => length <= maxWidth);
    return Math.max(0, ...lengths);
  });
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Lines, each moved in. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : GAP + line));
}

/** `1 event type`, `2 event types`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
