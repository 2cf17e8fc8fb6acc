import { z } from 'zod';
import { dottedPath } from './path-in-data.ts';

const member = z.string().min(1).max(128);

/**
 * How several events of one type become one body: an array of their bodies, or one body of data whose lists are joined.
 * Of joined data all that isn't in the lists is that of the first event.
 */
export const batchSchema = z
  .union(
    [z.literal('array'), z.strictObject({ join: z.array(member).min(1).max(10), by: dottedPath.optional() })],
    'must be "array", or {"join": [names of lists in the data]}',
  )
  .default('array');

/** @see batchSchema */
export type BatchFormat = z.output<typeof batchSchema>;
