/** Something a command can't go on with, said in words for whoever called it. Ends the program with status 1. */
export class Failure extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
  }
}

/** The code of a system or database error, such as ECONNREFUSED or 28P01; empty if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
