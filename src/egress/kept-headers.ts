import type { IncomingHttpHeaders } from 'node:http';

// Of the connection, not of the answer (RFC 9110, 7.6.1), and the same in every answer.
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer']);
const maxHeaders = 64;
const maxValueLength = 1024;

/**
 * Reduces the headers of an answer to what is worth keeping of a stranger's: the first 64, without those of the
 * connection, each cut to 1024 characters, a repeated one joined with commas (RFC 9110, 5.2). Takes them with lower-case names.
 */
export function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if (count === maxHeaders) break;
    const value = headers[name];
    if (value === undefined || hopByHop.has(name)) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    kept[name] = text.length > maxValueLength ? text.slice(0, maxValueLength) : text;
    count += 1;
  }
  return kept;
}
