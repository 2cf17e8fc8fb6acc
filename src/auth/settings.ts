import { z } from 'zod';
import { brokenRule, credentialHeaderProblem, headerValueProblem } from '../profile/header-rules.ts';

/** Text of Unicode without control characters: some end a line, and a line ends a header. */
function text(minLength: number, maxLength: number) {
  return z
    .string()
    .min(minLength)
    .max(maxLength)
    .refine((value) => value.isWellFormed(), {
      message: 'contains a lone surrogate, which is not valid Unicode',
      params: { rule: 'lone_surrogate' },
    })
    .refine((value) => !/\p{Cc}/u.test(value), {
      message: 'contains a control character',
      params: { rule: 'control_character' },
    });
}

// A user name without a password and a password without a user name are both asked for in practice.
const basic = z
  .strictObject({
    type: z.literal('basic'),
    // RFC 7617, 2: the first colon ends it.
    username: text(0, 255).refine((value) => !value.includes(':'), {
      message: 'must not contain a colon',
      params: { rule: 'colon' },
    }),
    password: text(0, 1024),
  })
  .refine((value) => value.username !== '' || value.password !== '', {
    message: 'must not be empty when the password is',
    params: { rule: 'user_name_or_password' },
    path: ['username'],
  });

const bearer = z.strictObject({
  type: z.literal('bearer'),
  token: z
    .string()
    .min(1)
    .max(8192)
    .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII without spaces, and without the word Bearer'),
});

const header = z
  .strictObject({ type: z.literal('header'), name: z.string(), value: z.string() })
  .superRefine(({ name, value }, context) => {
    const wrongName = credentialHeaderProblem(name);
    const wrongValue = headerValueProblem(value);
    if (wrongName) context.addIssue({ code: 'custom', path: ['name'], ...brokenRule(wrongName) });
    if (wrongValue) context.addIssue({ code: 'custom', path: ['value'], ...brokenRule(wrongValue) });
  });

const oauth2 = z.strictObject({
  type: z.literal('oauth2'),
  /** Judged apart, by the egress rules, like the URL of the webhook. */
  tokenUrl: z.string().min(1).max(2048),
  clientId: text(1, 500),
  clientSecret: text(1, 2048),
  /** RFC 6749, 3.3. */
  scope: z
    .string()
    .max(1000)
    .regex(
      /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      'must be names with one space between them',
    )
    .optional(),
  audience: text(1, 1000).optional(),
  clientAuthentication: z.enum(['header', 'body']).default('header'),
});

/** The field `auth` of a webhook: how its requests say who sends them. */
export const authSchema = z.discriminatedUnion('type', [basic, bearer, header, oauth2], {
  error: 'must be basic, bearer, header or oauth2',
});

export type Auth = z.output<typeof authSchema>;
export type OAuthSettings = Extract<Auth, { type: 'oauth2' }>;

const passphrase = z.string().max(1024).optional();

/**
 * The field `clientCertificate` as it is given: only its outline. What is in it is judged by the egress part,
 * which also has the form it is kept in.
 */
export const clientCertificateSchema = z.union(
  [
    z.strictObject({
      certificate: z.string().min(1).max(65_536),
      key: z.string().min(1).max(16_384),
      passphrase,
    }),
    z.strictObject({ pkcs12: z.base64().min(1).max(65_536), passphrase }),
  ],
  { error: 'must be certificate and key in PEM, or pkcs12 in base64, and its passphrase if it has one' },
);

/** The field `tlsCa`: PEM, judged by the egress part as well. */
export const tlsCaSchema = z.string().min(1).max(65_536);
