import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Names whose values never reach the log, at the top and one or two levels down. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'key',
  'apiKey',
  'adminKey',
  'masterKey',
  'secret',
  'password',
  'token',
  'webhookUrl',
  'connectionString',
  'databaseUrl',
  'redisUrl',
  'personal',
];
const REDACTED_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers.${name}`]);

/** Structured log on stderr (stdout carries only the ready line and the first key). Serves as the logger of Nest too. */
export class Logger implements LoggerService {
  readonly #pino: PinoLogger;

  constructor(level: string, destination: DestinationStream = pino.destination({ dest: 2, sync: true })) {
    const redact = { paths: [...new Set(REDACTED_PATHS)], censor: '[redacted]' };
    this.#pino = pino({ level, base: null, redact, serializers: { error: described } }, destination);
  }

  /** Last optional parameter of Nest's calls is the context, a class name. */
  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' ? { context: last } : {};
    const details: unknown = rest.find((value) => typeof value === 'object' && value !== null);
    const fields = details instanceof Error ? { err: details } : (details as object | undefined);
    if (message instanceof Error) this.#pino[level]({ ...context, ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.#pino[level]({ ...context, ...fields, ...message });
    else this.#pino[level]({ ...context, ...fields }, String(message));
  }
}

/** What went wrong and where. The other fields of an error stay out: a database quotes whole rows in them. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return { type: name, message, stack };
}
