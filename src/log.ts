import { type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.ts';

/**
 * Logs as JSON lines on standard output. Errors are cut to what they say and where: a driver's error also
 * carries the values of the statement, which may be payloads or secrets.
 */
export function createLog(level: LogLevel): Logger {
  return pino({
    level,
    serializers: {
      err: (error: unknown) => {
        if (!(error instanceof Error)) return { message: 'not an error' };
        const { type, message, stack } = stdSerializers.err(error);
        const code = 'code' in error ? error.code : undefined;
        return { type, message, stack, code };
      },
    },
  });
}
