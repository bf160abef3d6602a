import { bookEvents, prepareBook } from '@app/book';
import { openProcessResources, type RunningProcess } from '@app/platform';
import { serveApi } from './serve-api';

/** An api process of its own: npm run start:api. */
export async function startApiProcess(): Promise<RunningProcess> {
  const resources = await openProcessResources('api', bookEvents, prepareBook);
  try {
    const api = await serveApi(resources);
    process.stdout.write(`arrears api listens on http://127.0.0.1:${String(api.port)}\n`);
    return {
      stop: async () => {
        await api.stop();
        await resources.close();
      },
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}
