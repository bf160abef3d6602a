import { NestFactory } from '@nestjs/core';
import { type PlatformResources, RunningWorker, type RunningProcess } from '@app/platform';
import { WorkerModule } from './worker.module';

/**
 * Starts every processor and every queue on the given resources, which stay the caller's to close.
 * `alone`: no other worker can be running on this book, so jobs left behind are taken over at once.
 */
export async function startWorker(resources: PlatformResources, alone: boolean): Promise<RunningProcess> {
  const { logger, owner, intents, clock, configuration } = resources;
  const app = await NestFactory.createApplicationContext(WorkerModule.with(resources), { logger, abortOnError: false });
  const worker = await RunningWorker.start(resources.workerRegistry, resources.eventStore, resources.queueBackend, logger, {
    owner,
    alone,
    intents,
    clock,
    timeZone: configuration.timeZone,
  });
  return {
    stop: async () => {
      await worker.stop();
      await app.close();
    },
  };
}
