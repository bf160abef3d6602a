import {
  assertDatabaseReachable,
  EmbeddedPostgresql,
  installationSecrets,
  prepareDataFolder,
  readConfiguration,
  runningInstance,
} from '@app/platform';

const notice = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * Gives `work` the owner's connection: the server of DATABASE_URL, the embedded server that runs on the data folder now, or that
 * server started for as long as the work takes.
 * @throws StartFailure
 */
export async function withBook<T>(work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const configuration = readConfiguration(process.env);
  if (configuration.databaseUrl !== null) {
    await assertDatabaseReachable(configuration.databaseUrl);
    return work(configuration.databaseUrl);
  }
  const dataFolder = prepareDataFolder(
    { folder: configuration.dataFolder, isDefault: configuration.dataFolderIsDefault, forServer: true },
    notice,
  );
  const { databasePassword } = installationSecrets(dataFolder);
  const running = runningInstance(dataFolder);
  if (running?.port !== undefined)
    return work(`postgres://arrears:${encodeURIComponent(databasePassword)}@127.0.0.1:${String(running.port)}/arrears`);
  const server = await EmbeddedPostgresql.start({ dataFolder, password: databasePassword, durable: true, notice });
  try {
    return await work(server.connectionString);
  } finally {
    await server.stop();
  }
}
