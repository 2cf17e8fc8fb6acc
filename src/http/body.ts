import type { HonoRequest } from 'hono';
import { WaybillError } from '../errors.ts';
import { parseInput, refuseProto } from '../input.ts';
import { parseJson } from '../json-source.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * The body an endpoint asks for, checked.
 *
 * @param limit of the body, in bytes
 * @throws WaybillError `unsupported_encoding` (415), `request_too_large` (413), `malformed_json`, `json_too_deep`,
 *   `validation_failed`
 */
export async function readBody(endpoint: Endpoint, request: HonoRequest, limit: number): Promise<unknown> {
  if (!endpoint.body) return undefined;
  refuseEncoding(request.header('content-encoding'));
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0 && endpoint.body.optional) {
    return endpoint.body.raw ? { text: '', value: undefined } : parseInput(endpoint.body.schema, {});
  }
  const json = parseJson(bytes);
  if (endpoint.body.raw) return json;
  refuseProto(json.value);
  return parseInput(endpoint.body.schema, json.value);
}

function refuseEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === 'identity') return;
  const shown = encoding.slice(0, 20);
  throw new WaybillError('unsupported_encoding', 415, `The body is encoded with ${shown}; send it plain.`);
}

/** A length that is told bounds what comes (RFC 9112, 6.3); without one the bytes are counted. */
async function readBytes(request: HonoRequest, limit: number): Promise<Uint8Array> {
  const told = request.header('content-length');
  if (told === undefined) return countBytes(request.raw.body, limit);
  if (Number(told) > limit) throw tooLarge(limit);
  return new Uint8Array(await request.arrayBuffer());
}

async function countBytes(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, length);
    length += value.length;
    // The stream isn't cancelled: that would take the connection away before the answer is out.
    if (length > limit) throw tooLarge(limit);
    chunks.push(value);
  }
}

function tooLarge(limit: number): WaybillError {
  return new WaybillError('request_too_large', 413, `The request is larger than ${limit} bytes.`, {
    params: { most: limit },
  });
}
