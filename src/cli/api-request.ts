import { z } from 'zod';
import { codeOf, Failure } from './failure.ts';

/** A server, and who asks. */
export interface Target {
  readonly url: string;
  readonly key: string;
}

/** What the server refused, and why. */
export class Refusal extends Failure {
  /** Each thing that is wrong, named as it was sent. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(message: string, errors: Refusal['errors']) {
    super(message);
    this.name = 'Refusal';
    this.errors = errors;
  }
}

const TIMEOUT_MS = 30_000;

const problemSchema = z.object({
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).catch([]),
});

/**
 * Posts to the HTTP API.
 *
 * @param path below the URL of the server, without a slash at its beginning
 * @param body JSON, which goes out as it is; undefined for none
 * @param doubt what isn't known if no answer comes in time
 * @returns the body of the answer
 * @throws Refusal that says what the server refused; Failure that says why there is no answer
 */
export async function postToApi(
  target: Target,
  path: string,
  body: string | undefined,
  doubt: string,
): Promise<string> {
  const response = await post(new URL(path, withSlash(target.url)), target.key, body, doubt);
  const answer = await response.text();
  if (response.ok) return answer;
  throw refusalOf(response.status, answer);
}

/** A server that answers something, but not what Waybill would. */
export function strangeAnswer(status: number): Failure {
  return new Failure(`The server answered ${status}, and not as Waybill does. Is --url right?`);
}

async function post(url: URL, key: string, body: string | undefined, doubt: string): Promise<Response> {
  const authorization = `Bearer ${key}`;
  try {
    return await fetch(url, {
      method: 'POST',
      headers: body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' },
      body: body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Failure(explainNoAnswer(error, url.origin, doubt), error);
  }
}

function explainNoAnswer(error: unknown, origin: string, doubt: string): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') {
    return `No server runs at ${origin}. Start one with "waybill serve", or name another with --url.`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host of the name in ${origin}.`;
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return `${origin} did not answer within ${TIMEOUT_MS / 1000} seconds. ${doubt}`;
  }
  return `No answer from ${origin}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function refusalOf(status: number, answer: string): Failure {
  const problem = problemSchema.safeParse(parse(answer));
  if (!problem.success) return strangeAnswer(status);
  const { title, detail, code, errors } = problem.data;
  return new Refusal(`${title}: ${detail} (${code})`, errors);
}

/** A text as JSON; undefined if it isn't any. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
