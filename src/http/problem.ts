import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { isOutage } from '../db/outage.ts';
import { unavailable, WaybillError } from '../errors.ts';

/** What a text of the API holds beside words, so that others can word it by its code. */
export const paramsSchema = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .describe('The values in the text, by name: which there are depends on the code. Absent: none.');

/** An error as the API answers it: problem details (RFC 9457) with a stable `code`. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().describe('The phrase of the HTTP status.'),
    status: z.int(),
    detail: z.string().describe('What to change, for people.'),
    code: z.string().describe('Stable, for programs.'),
    params: paramsSchema.optional(),
    errors: z
      .array(
        z.object({
          path: z.string(),
          code: z.string(),
          message: z.string(),
          params: paramsSchema.optional(),
        }),
      )
      .optional()
      .describe('Each broken field, named as it was sent.'),
  })
  .describe('Problem details (RFC 9457).');

export type Problem = z.output<typeof problemSchema>;

const MAX_ERRORS = 100;

export function problemOf(error: WaybillError): Problem {
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
  };
  if (error.params !== undefined) problem.params = error.params;
  if (error.errors.length > 0) problem.errors = error.errors.slice(0, MAX_ERRORS);
  return problem;
}

/** What the caller is told of an error: what it says itself if it is one of ours, else nothing but its kind. */
export function publicError(error: unknown): WaybillError {
  if (error instanceof WaybillError) return error;
  if (isOutage(error)) return unavailable(error);
  return new WaybillError('internal_error', 500, 'Something broke here. It has been logged.', {
    cause: error,
  });
}

export function problemResponse(error: WaybillError, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(problemOf(error)), {
    status: error.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
