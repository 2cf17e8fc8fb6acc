import { z } from 'zod';
import { payloadVersionsOf } from '../../catalog/preset.ts';
import { filtersView } from '../../manage/preset-view.ts';
import { endpoint } from '../endpoint.ts';
import { failingSchema, presetFiltersSchema, presetName, successSchema } from '../formats.ts';

const signatureSchema = z.object({
  header: z.string(),
  algorithm: z.enum(['hmac-sha256', 'hmac-sha512', 'ed25519']),
  encoding: z.enum(['hex', 'base64']),
  key: z
    .enum(['text', 'whsec', 'whsk'])
    .describe(
      'What a secret is: any text, whose bytes are the key; `whsec_` and base64; `whsk_` and a private key.',
    ),
});

const profileSchema = z
  .object({
    name: presetName,
    title: z.string(),
    description: z.string(),
    httpsOnly: z.boolean(),
    userAgent: z.string().nullable(),
    headers: z.array(z.string()).describe('Those it sets, beside those that sign.'),
    signatures: z.array(signatureSchema),
    success: successSchema,
    retry: z
      .object({ schedule: z.array(z.int()).describe('Seconds before each retry, exact.') })
      .nullable()
      .describe('null: the default schedule, with jitter.'),
    failing: failingSchema,
    filters: presetFiltersSchema,
    payloadVersions: z.array(z.string()).describe('Those a webhook can pin.'),
    payloadVersion: z.string().nullable().describe('Of webhooks that pin none.'),
  })
  .describe('A wire format a webhook can have.');

export const profileEndpoints = [
  endpoint({
    method: 'get',
    path: '/v1/profiles',
    operationId: 'listProfiles',
    tag: 'Profiles',
    summary: 'List the wire formats there are',
    access: 'open',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.object({ data: z.array(profileSchema), nextCursor: z.null() }),
      },
    },
    handle: async ({ waybill }) => {
      const { catalogs } = waybill;
      await waybill.presets.list();
      const data = catalogs.presets().flatMap((preset) => {
        const profile = catalogs.profile(preset.name);
        if (!profile) return [];
        const { name, title, description, httpsOnly, success, failing } = profile;
        return {
          name,
          title,
          description,
          httpsOnly,
          userAgent: profile.userAgent ?? null,
          headers: Object.keys(profile.headers),
          signatures: profile.signatures.map(({ header, algorithm, encoding, key }) => {
            return { header, algorithm, encoding, key };
          }),
          success,
          retry: profile.retry ?? null,
          failing,
          filters: filtersView(preset),
          payloadVersions: payloadVersionsOf(preset),
          payloadVersion: preset.payloadVersion,
        };
      });
      return { status: 200, body: { data, nextCursor: null } };
    },
  }),
];
