import { expect, it } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from './input.ts';

function messagesOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error ? fieldErrors(error, 'status').map(({ path, message }) => `${path} ${message}`) : [];
}

it('what is none of some words is told which there are', () => {
  const status = z.enum(['pending', 'failed']);
  expect(messagesOf(status, 'lost')).toEqual(['status must be one of pending, failed']);
  expect(messagesOf(z.literal('once'), 'twice')).toEqual(['status must be once']);
  expect(messagesOf(status, 'failed')).toEqual([]);
});
