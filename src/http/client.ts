import type { Context } from 'hono';
import type { Client } from '../people/user-sessions.ts';

const MAX_FORWARDED = 45;

/**
 * Who is at the other end.
 *
 * @param trustProxy whether a proxy of ours adds the client's address to `X-Forwarded-For`: it is then the last one
 *   there, as whatever stands before it has been sent by somebody
 */
export function clientOf(context: Context, trustProxy: boolean): Client {
  return {
    cookie: context.req.header('cookie'),
    userAgent: context.req.header('user-agent'),
    address: trustProxy ? forwardedFor(context) : peerOf(context),
  };
}

function forwardedFor(context: Context): string | undefined {
  const last = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last !== undefined && last !== '' && last.length <= MAX_FORWARDED ? last : peerOf(context);
}

/** Undefined where the app is mounted in a framework that doesn't hand its connection over. */
function peerOf(context: Context): string | undefined {
  const { incoming } = (context.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress;
}
