import { z } from 'zod';

const ending = z
  .string()
  .nullable()
  .describe('Its last four characters; null: it is short, or looks like one somebody has thought up.');

/** The field `auth` of a webhook, as it is shown. */
export const authSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('basic'), username: z.string() }),
  z.object({ type: z.literal('bearer'), tokenEnding: ending }),
  z.object({ type: z.literal('header'), name: z.string(), valueEnding: ending }),
  z.object({
    type: z.literal('oauth2'),
    tokenUrl: z.string(),
    clientId: z.string(),
    clientSecretEnding: ending,
    scope: z.string().nullable(),
    audience: z.string().nullable(),
    clientAuthentication: z.enum(['header', 'body']),
  }),
]);

/** A certificate, as it is shown. */
export const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  fingerprintSha256: z.string(),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});

export const clientCertificateSchema = certificateSchema.extend({
  expiresSoon: z.boolean().describe('Whether it expires within 30 days, or has expired.'),
});
