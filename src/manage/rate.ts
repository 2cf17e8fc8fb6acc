import { z } from 'zod';

/** What is slower would not end in anybody's lifetime. */
const MIN_PER_SECOND = 1 / 86_400;

/** So many a second, of requests or of deliveries. */
export const perSecondSchema = z
  .number()
  .min(MIN_PER_SECOND, 'must be at least 1/86400 (0.0000116), which is one a day')
  .max(10_000);
