import { resolve } from 'node:path';
import { z } from 'zod';
import { StartFailure } from '../start/start-failure';

const ADMIN_KEY_LENGTH_MIN = 32;
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\/\S+$/, 'must be an address like postgres://user:password@host:5432/database');

/** Whether a name is one of the IANA time zone database, as far as this machine knows it. */
export function timeZoneExists(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const environmentSchema = z.object({
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  ARREARS_API_DATABASE_URL: postgresUrl.optional(),
  ARREARS_WORKER_DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/\S+$/, 'must be an address like redis://host:6379')
    .optional(),
  ARREARS_QUEUE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_{}-]+$/, 'may hold letters, digits, _, -, { and }')
    .default('arrears'),
  ARREARS_DATA_DIR: z.string().optional(),
  ARREARS_ADMIN_KEY: z
    .string()
    .min(ADMIN_KEY_LENGTH_MIN, `must have ${String(ADMIN_KEY_LENGTH_MIN)} characters or more`)
    .optional(),
  ARREARS_MASTER_KEY: z
    .string()
    .regex(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/, 'must be 32 bytes as 64 hexadecimal digits or as base64')
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  ARREARS_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an address like https://arrears.example' }).optional(),
  ARREARS_ALLOW_PRIVATE_WEBHOOKS: z.enum(['none', 'loopback'], 'must be none or loopback').default('none'),
  ARREARS_TIME_ZONE: z.string().refine(timeZoneExists, 'must be a time zone like Europe/Berlin').default('UTC'),
});

/** The environment, read and checked once. Nothing else in the system reads it. */
export interface Configuration {
  /** Port of the HTTP edge; 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Server of the owner; null starts the embedded one. */
  readonly databaseUrl: string | null;
  /** Login of the api role; null lets the owner act as that role. */
  readonly apiDatabaseUrl: string | null;
  readonly workerDatabaseUrl: string | null;
  /** Null runs the queues on PostgreSQL. */
  readonly redisUrl: string | null;
  /** Leads every key in Redis; give it a hash tag ({...}) on Redis Cluster. */
  readonly queuePrefix: string;
  readonly dataFolder: string;
  /** True when nobody asked for a data folder, so it may move to a reachable place. */
  readonly dataFolderIsDefault: boolean;
  /** Key of the first administrator; null makes one. */
  readonly adminKey: string | null;
  /** 32 bytes that wrap every other key; null is made once and kept in the data folder. */
  readonly masterKey: Buffer | null;
  readonly logLevel: string;
  /** Address of this installation in links of messages, without a slash at its end; this machine's own until somebody gives one. */
  readonly publicUrl: string;
  /** `loopback`: webhooks may lead to this very machine, for a local relay or a test. Never to the rest of a private network. */
  readonly allowPrivateWebhooks: 'none' | 'loopback';
  /** IANA name; decides which business date an instant belongs to. */
  readonly timeZone: string;
}

function decodeKey(text: string): Buffer {
  return /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}

/** @throws StartFailure naming every variable that is wrong, in one line; values are never repeated. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  // An empty variable is what a compose file writes for "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new StartFailure(`The environment is not usable: ${problems.join('; ')}.`);
  }
  const values = parsed.data;
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL ?? null,
    apiDatabaseUrl: values.ARREARS_API_DATABASE_URL ?? null,
    workerDatabaseUrl: values.ARREARS_WORKER_DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    queuePrefix: values.ARREARS_QUEUE_PREFIX,
    dataFolder: resolve(values.ARREARS_DATA_DIR ?? '.data'),
    dataFolderIsDefault: values.ARREARS_DATA_DIR === undefined,
    adminKey: values.ARREARS_ADMIN_KEY ?? null,
    masterKey: values.ARREARS_MASTER_KEY === undefined ? null : decodeKey(values.ARREARS_MASTER_KEY),
    logLevel: values.LOG_LEVEL,
    publicUrl: (values.ARREARS_PUBLIC_URL ?? `http://127.0.0.1:${String(values.PORT)}`).replace(/\/+$/, ''),
    allowPrivateWebhooks: values.ARREARS_ALLOW_PRIVATE_WEBHOOKS,
    timeZone: values.ARREARS_TIME_ZONE,
  };
}
