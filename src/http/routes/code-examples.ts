import { z } from 'zod';
import { codeExamples, EXAMPLE_LANGUAGES, type ExampleLanguage } from '../../code-examples/code-examples.ts';
import { notFound, WaybillError } from '../../errors.ts';
import type { Waybill } from '../../waybill.ts';
import { endpoint } from '../endpoint.ts';

const language = z.enum(EXAMPLE_LANGUAGES);
const query = z.strictObject({ language: language.optional().describe('Default: all of them.') });

const exampleSchema = z
  .object({
    language,
    title: z.string().describe('The language, and what receives in it.'),
    file: z.string().describe('What it may be called.'),
    code: z
      .string()
      .describe('It reads its key from the environment: `WEBHOOK_SECRET` or `WEBHOOK_PUBLIC_KEY`.'),
  })
  .describe('A program that receives webhooks and verifies them.');

const responses = {
  200: {
    description: 'One for each language.',
    schema: z.object({ data: z.array(exampleSchema), nextCursor: z.null() }),
  },
};
const DESCRIPTION =
  'Written for the header, algorithm, encoding and content of the signature: each compares in constant time, takes ' +
  'several secrets, and refuses what is old where the signature covers the time.';
const NOT_VERIFIABLE =
  '`not_verifiable`: what is signed is not all in the body and the headers, or cannot be told apart there.';

function examplesFor(waybill: Waybill, name: string, wanted: ExampleLanguage | undefined) {
  const profile = waybill.catalogs.profile(name);
  if (!profile) throw notFound('profile');
  const data = codeExamples(profile, wanted && [wanted]);
  if (data) return { status: 200 as const, body: { data, nextCursor: null } };
  const message =
    'No receiver can verify its signatures: they cover what is neither in the body nor in a header, or stand where nobody ' +
    'can tell one text from the next. Add a header for each of what `content` and `each` refer to, and a separator that is ' +
    'in no signature.';
  throw new WaybillError('not_verifiable', 409, message);
}

export const codeExampleEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/profiles/{preset}/code-examples',
    operationId: 'getProfileCodeExamples',
    tag: 'Profiles',
    summary: 'How receivers verify what has this wire format',
    description: DESCRIPTION,
    access: 'open',
    query,
    responses,
    problems: { 404: '`not_found`: there is no such profile.', 409: NOT_VERIFIABLE },
    handle: async ({ waybill, params, query }) => {
      // What was imported on another node is known once it has been looked for.
      await waybill.presets.list();
      return examplesFor(waybill, params.preset as string, query.language);
    },
  }),
  endpoint({
    method: 'get',
    path: '/v1/accounts/{account}/webhooks/{webhook}/code-examples',
    operationId: 'getWebhookCodeExamples',
    tag: 'Webhooks',
    summary: 'How the receiver of this webhook verifies what it gets',
    description: DESCRIPTION,
    access: 'account',
    query,
    responses,
    problems: { 409: NOT_VERIFIABLE },
    handle: async ({ waybill, params, query }) => {
      const webhook = await waybill.webhooks.get(params.account as string, params.webhook as string);
      return examplesFor(waybill, webhook.profile, query.language);
    },
  }),
];
