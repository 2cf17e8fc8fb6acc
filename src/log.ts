import { type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.ts';

/** Logs as JSON lines on standard output. */
export function createLog(level: LogLevel): Logger {
  return withSafeErrors(pino({ level }));
}

/**
 * The same log, with errors cut to what they say and where: a driver's error also carries the row it failed on,
 * which may be a payload or a secret.
 */
export function withSafeErrors(log: Logger): Logger {
  return log.child({}, { serializers: { err: safeError } });
}

function safeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an error' };
  const { type, message, stack } = stdSerializers.err(error);
  const code = 'code' in error ? error.code : undefined;
  return { type, message, stack, code };
}
