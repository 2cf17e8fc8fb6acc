import { z } from 'zod';
import { codeOf, Failure } from './failure.ts';

export interface Target {
  readonly url: string;
  readonly key: string;
  readonly account: string;
}

/** The fields of an event beside its data. */
export interface EventHead {
  readonly type: string;
  readonly subject?: string | undefined;
  readonly channel?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

const TIMEOUT_MS = 30_000;

const problemSchema = z.object({
  title: z.string(),
  detail: z.string(),
  code: z.string(),
});

/**
 * Publishes over HTTP.
 *
 * @param data JSON, which goes out as it is: parsing it would change numbers and spacing
 * @returns the body of the answer
 * @throws Failure that says what the server refused, or that there is none
 */
export async function postEvent(target: Target, head: EventHead, data: string): Promise<string> {
  // The head is an object with at least a type: its closing brace makes room for the data.
  const body = `${JSON.stringify(head).slice(0, -1)},"data":${data}}`;
  const url = new URL(`v1/accounts/${encodeURIComponent(target.account)}/events`, withSlash(target.url));
  const response = await post(url, target.key, body);
  const answer = await response.text();
  if (response.ok) return answer;
  throw new Failure(explainAnswer(response.status, answer));
}

async function post(url: URL, key: string, body: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new Failure(explainNoAnswer(error, url.origin), error);
  }
}

function explainNoAnswer(error: unknown, origin: string): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  if (code === 'ECONNREFUSED') {
    return `No server runs at ${origin}. Start one with "waybill serve", or name another with --url.`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host of the name in ${origin}.`;
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return `${origin} did not answer within ${TIMEOUT_MS / 1000} seconds. Whether it published is not known.`;
  }
  return `No answer from ${origin}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function explainAnswer(status: number, answer: string): string {
  const problem = problemSchema.safeParse(parse(answer));
  if (!problem.success) return `The server answered ${status}, and not as Waybill does. Is --url right?`;
  const { title, detail, code } = problem.data;
  return `${title}: ${detail} (${code})`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
