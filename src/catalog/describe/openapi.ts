import { retryWords } from './answer-words.ts';
import { createDefinitions, type Definitions } from './definitions.ts';
import {
  type Described,
  type DescribedType,
  describedTypes,
  headerExample,
  infoOf,
  tagsOf,
  typeDescription,
} from './described.ts';
import { descriptionOf, SIGNATURE_NOTE } from './description.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Describes as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0.html) the requests a webhook sends: for each event type
 * its headers, its body with an example, and what comes of each answer. The same input makes the same document.
 */
export function describeWebhooks(described: Described): object {
  const types = describedTypes(described);
  const schemas = createDefinitions('#/components/schemas/');
  const answers = answersOf(described);
  const webhooks = types.map(
    (one) => [one.name, { post: operationOf(one, described, schemas, answers) }] as const,
  );
  return {
    openapi: '3.1.0',
    info: infoOf(described, descriptionOf(described)),
    tags: tagsOf(types),
    webhooks: Object.fromEntries(webhooks),
    components: {
      ...named('schemas', schemas.all),
      ...named('responses', types.length === 0 ? {} : answers),
      ...named('securitySchemes', securitySchemesOf(described)),
    },
    security: securityOf(described),
  };
}

function operationOf(
  one: DescribedType,
  { template }: Described,
  schemas: Definitions,
  answers: Members,
): Members {
  const { name, type, body, sample } = one;
  const told = typeDescription(one);
  return {
    operationId: name,
    summary: type.title ?? type.name,
    description: template === undefined ? told : `${told}\n\n${OF_A_TEMPLATE}`,
    ...(type.group !== null && { tags: [type.group] }),
    ...(type.deprecated && { deprecated: true }),
    parameters: parametersOf(one),
    requestBody: {
      required: true,
      content: {
        [template ?? 'application/json']: {
          schema: schemas.add(body),
          ...(sample && { example: JSON.parse(sample.body) }),
        },
      },
    },
    responses: Object.fromEntries(
      Object.keys(answers).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
    ),
  };
}

const OF_A_TEMPLATE = 'The body is what the payload template of the webhook makes of the data.';

function parametersOf(one: DescribedType): Members[] {
  return one.headers.map((header) => {
    const example = headerExample(one, header);
    const { name, description, schema } = header;
    return {
      name,
      in: 'header',
      required: true,
      description,
      schema,
      ...(example !== undefined && { example }),
    };
  });
}

/** What comes of the receiver's answers, by status. */
function answersOf(described: Described): Record<string, Members> {
  const { success } = described.format;
  const failed = (what: string): Members => ({ description: `${what} ${retryWords(described)}` });
  const taken = { description: 'Taken: it is not sent again.' };
  const busy = (what: string): Members => ({ ...failed(what), headers: { 'Retry-After': RETRY_AFTER } });
  return {
    ...(success === '2xx'
      ? { '2XX': taken }
      : {
          ...Object.fromEntries(success.map((status) => [status, taken])),
          '2XX': failed('Any other 2xx is a failure.'),
        }),
    '3XX': failed('A redirect is not followed, it is a failure.'),
    '410': {
      description: 'The receiver is gone for good: the webhook is disabled, and nothing more is sent to it.',
    },
    '429': busy('Too many requests.'),
    '503': busy('Overloaded.'),
    '4XX': failed('A failure.'),
    '5XX': failed('A failure.'),
  };
}

const RETRY_AFTER = {
  description:
    'When to try again, in seconds or as a date: it takes the place of the schedule, within a day.',
  schema: { type: 'string' },
};

/** OpenAPI knows no signatures; what comes closest is a key that is sent in a header. */
function securitySchemesOf({ format }: Described): Record<string, Members> {
  const schemes = format.signatures.map(({ header }) => {
    return [header, { type: 'apiKey', in: 'header', name: header, description: SIGNATURE_NOTE }] as const;
  });
  return Object.fromEntries(schemes);
}

/** Whatever signs does so in every request: all of it in one requirement. */
function securityOf({ format }: Described): Members[] {
  if (format.signatures.length === 0) return [];
  return [Object.fromEntries(format.signatures.map(({ header }) => [header, []]))];
}

/** A part of the document, unless it would be empty. */
function named(name: string, members: Members): Members {
  return Object.keys(members).length === 0 ? {} : { [name]: members };
}
