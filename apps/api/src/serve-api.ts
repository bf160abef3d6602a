import type { AddressInfo } from 'node:net';
import { type PlatformResources, type RunningProcess, StartFailure } from '@app/platform';
import { type Api, createApi } from './create-api';
import { Readiness } from './health/readiness';

interface ServedApi extends RunningProcess {
  readonly port: number;
  /** True once `GET /health/ready` answers 200. */
  isReady(): Promise<boolean>;
}

/**
 * Builds the api on the given resources and listens; prints the first administrator's key when it was made just now.
 * @throws StartFailure when the port is taken.
 */
export async function serveApi(resources: PlatformResources): Promise<ServedApi> {
  const { configuration } = resources;
  const api = await createApi(resources);
  try {
    await api.app.listen(configuration.port, configuration.host);
  } catch (error) {
    await api.app.close();
    throw new StartFailure(
      `Port ${String(configuration.port)} on ${configuration.host} cannot be used (${(error as Error).message}); set PORT to a free one.`,
    );
  }
  if (api.generatedAdminKey !== null) process.stdout.write(`arrears administrator key (shown once): ${api.generatedAdminKey}\n`);
  const address = api.app.getHttpServer().address() as AddressInfo;
  return { port: address.port, isReady: () => isReady(api), stop: () => api.app.close() };
}

async function isReady(api: Api): Promise<boolean> {
  const missing = await api.app.get(Readiness, { strict: false }).missing();
  return missing.length === 0;
}
