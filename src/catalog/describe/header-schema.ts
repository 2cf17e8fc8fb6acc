import type { Signature, WireFormat } from '../../profile/profile.ts';
import { dataMember, type Template } from '../../profile/template.ts';
import { typesOf } from './nullable.ts';
import { type ReferenceContext, referenceSchema } from './reference-schema.ts';
import type { SchemaObject } from './subschemas.ts';
import { literal, onlyReferenceIn, templatePattern, templateText } from './template-pattern.ts';

/** A header of every request for one event type. */
export interface DescribedHeader {
  readonly name: string;
  readonly description: string;
  readonly schema: SchemaObject;
}

const SIGNATURE_BYTES = { 'hmac-sha256': 32, 'hmac-sha512': 64, ed25519: 64 } as const;

/** The headers a wire format sends, but for those that frame the body. */
export function describeHeaders(format: WireFormat, context: ReferenceContext): DescribedHeader[] {
  const own = Object.entries(format.headers).map(([name, template]) => ({
    name,
    ...templateHeader(template, context),
  }));
  const signatures = format.signatures.map((signature) => ({
    name: signature.header,
    description: 'Signs this request.',
    schema: { type: 'string', pattern: `^${signaturePattern(signature, context)}$` },
  }));
  return [userAgent(format), ...own, ...signatures];
}

function userAgent({ userAgent }: WireFormat): DescribedHeader {
  const said: SchemaObject = userAgent === undefined ? { pattern: '^Waybill/' } : { const: userAgent };
  return { name: 'User-Agent', description: 'What sends this.', schema: { type: 'string', ...said } };
}

function templateHeader(template: Template, context: ReferenceContext): Omit<DescribedHeader, 'name'> {
  const only = onlyReferenceIn(template);
  const known = only === undefined ? undefined : referenceSchema(only, context);
  if (known) {
    const { description, ...schema } = known;
    // A header can't be null: it is empty then.
    const text = typesOf(schema)?.includes('null') ? { type: 'string' } : schema;
    return { description: String(description), schema: text };
  }
  const pattern = templatePattern(template, (reference) => referencePattern(reference, context));
  const member = only === undefined ? undefined : dataMember(only);
  const form =
    member === undefined
      ? `In the form \`${templateText(template)}\`.`
      : `\`${member}\` of the event's data.`;
  return { description: form, schema: { type: 'string', pattern: `^${pattern}$` } };
}

function signaturePattern(signature: Signature, context: ReferenceContext): string {
  const within = (template: Template, own: string, pattern: string): string =>
    templatePattern(template, (one) => (one === own ? pattern : referencePattern(one, context)));
  const each = within(signature.each, 'signature', encodedPattern(signature));
  const all = signature.secrets === 'all' ? `${each}(${literal(signature.separator)}${each})*` : each;
  return within(signature.value, 'signatures', all);
}

function encodedPattern({ algorithm, encoding }: Signature): string {
  const bytes = SIGNATURE_BYTES[algorithm];
  if (encoding === 'hex') return `[0-9a-f]{${bytes * 2}}`;
  return `[A-Za-z0-9+/]{${Math.ceil((bytes * 4) / 3)}}${'='.repeat((3 - (bytes % 3)) % 3)}`;
}

/** A regular expression for what a reference becomes inside of a text. */
function referencePattern(reference: string, context: ReferenceContext): string {
  const schema = referenceSchema(reference, context);
  if (typeof schema?.const === 'string') return literal(schema.const);
  if (typeof schema?.pattern === 'string') return schema.pattern.slice(1, -1);
  return schema?.type === 'integer' ? '[0-9]+' : '[ -~]*';
}
