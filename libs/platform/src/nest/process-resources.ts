import type { EventDefinition } from '@app/event-store';
import { readConfiguration } from '../configuration/configuration';
import { installationSecrets } from '../configuration/secrets';
import { Logger } from '../logging/logger';
import { prepareDataFolder } from '../postgresql/data-folder';
import { StartFailure } from '../start/start-failure';
import { assertDatabaseReachable, assertMasterKey, openResources, type PlatformResources, type PlatformRole } from './platform-resources';

/**
 * Opens what a separate api or worker process needs, from its environment; prepares the database on the way.
 * @throws StartFailure naming what is missing.
 */
export async function openProcessResources(
  role: PlatformRole,
  catalogue: readonly EventDefinition[],
  prepare: (ownerConnectionString: string) => Promise<void>,
): Promise<PlatformResources> {
  const configuration = readConfiguration(process.env);
  const { databaseUrl } = configuration;
  if (databaseUrl === null)
    throw new StartFailure(
      `A separate ${role} process needs DATABASE_URL; without a server of your own, npm start runs everything in one process.`,
    );
  await assertDatabaseReachable(databaseUrl);
  await prepare(databaseUrl);
  const masterKey =
    configuration.masterKey ??
    installationSecrets(
      prepareDataFolder({ folder: configuration.dataFolder, isDefault: configuration.dataFolderIsDefault, forServer: false }, (line) => {
        process.stderr.write(`${line}\n`);
      }),
    ).masterKey;
  await assertMasterKey(databaseUrl, masterKey);
  return openResources(role, { configuration, databaseUrl, masterKey, catalogue, logger: new Logger(configuration.logLevel) });
}
