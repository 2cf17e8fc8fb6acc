import { z } from 'zod';

export const missedSchema = z
  .object({
    from: z.iso.datetime().describe('When the first of these events was published.'),
    until: z.iso.datetime(),
    events: z.int().describe('How many of them it would get now.'),
    exact: z.boolean().describe('false: there are at least so many.'),
    replay: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime(), status: z.literal('missed') })
      .describe('The body of `POST …/replay` that sends them.'),
  })
  .describe('What it missed while it was disabled: never sent, or cancelled. Nothing is sent by itself.');
