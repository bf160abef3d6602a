import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartFailure } from '../start/start-failure';

const KEY_BYTES = 32;
const secretsSchema = z.object({ masterKey: z.base64(), databasePassword: z.string().min(16) });

/** What an installation makes for itself once: losing the master key loses every personal detail and every sealed secret. */
export interface InstallationSecrets {
  readonly masterKey: Buffer;
  readonly databasePassword: string;
}

/**
 * Reads `secrets.json` of the data folder (mode 0600), making it at the first start.
 * @throws StartFailure when the file is damaged; it is never overwritten.
 */
export function installationSecrets(dataFolder: string): InstallationSecrets {
  const file = join(dataFolder, 'secrets.json');
  if (!existsSync(file)) {
    const made = { masterKey: randomBytes(KEY_BYTES).toString('base64'), databasePassword: randomBytes(24).toString('base64url') };
    // Written aside and renamed, so that a crash never leaves half a key.
    writeFileSync(`${file}.new`, `${JSON.stringify(made)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  try {
    const read = secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { masterKey: Buffer.from(read.masterKey, 'base64'), databasePassword: read.databasePassword };
  } catch {
    throw new StartFailure(`${file} is damaged; restore it from a backup, because the keys in it cannot be made again.`);
  }
}
