import { z } from 'zod';

/** A text to filter by. PostgreSQL's text holds no NUL: a filter with one is a mistake, and refused as one. */
export function filterText(maxLength: number) {
  return z
    .string()
    .min(1)
    .max(maxLength)
    .refine((value) => !value.includes('\0'), {
      message: 'contains a NUL character',
      params: { rule: 'control_character' },
    });
}
