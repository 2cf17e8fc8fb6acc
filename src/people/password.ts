import { z } from 'zod';

export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 256;

/** A new password: long enough, and nothing else (NIST SP 800-63B, 3.1.1.2, advises against rules of composition). */
export const newPasswordSchema = z
  .string()
  .min(MIN_PASSWORD_LENGTH)
  .max(MAX_PASSWORD_LENGTH)
  .describe(`At least ${MIN_PASSWORD_LENGTH} characters.`);

/** A password as it is tried: a wrong one is wrong, whatever it looks like. */
export const passwordSchema = z.string().min(1).max(MAX_PASSWORD_LENGTH);
