import { ProcessorRunner, type EventStore, type Processor } from '@app/event-store';
import type { Logger } from '../logging/logger';
import type { QueueBackend } from '../queue/queue-backend';
import { StartFailure } from '../start/start-failure';
import type { JobHandler } from './job';
import { JobRunner, type JobRunnerOptions } from './job-runner';

/** Where the features of the worker leave their processors and job handlers, in `onModuleInit`. */
export class WorkerRegistry {
  readonly #handlers = new Map<string, JobHandler>();
  readonly #processors = new Map<string, Processor>();

  /** @throws StartFailure when the kind has a handler already. */
  addJobHandler(handler: JobHandler): void {
    if (this.#handlers.has(handler.kind)) throw new StartFailure(`Two handlers are registered for job kind ${handler.kind}.`);
    this.#handlers.set(handler.kind, handler);
  }

  /** @throws StartFailure when the name is taken: two would share one checkpoint. */
  addProcessor(processor: Processor): void {
    if (this.#processors.has(processor.name)) throw new StartFailure(`Two processors are registered as ${processor.name}.`);
    this.#processors.set(processor.name, processor);
  }

  get processors(): readonly Processor[] {
    return [...this.#processors.values()];
  }

  get handlers(): ReadonlyMap<string, JobHandler> {
    return this.#handlers;
  }
}

/** The running half of a worker: every processor and every queue. */
export class RunningWorker {
  private constructor(
    private readonly processors: ProcessorRunner,
    private readonly jobs: JobRunner,
  ) {}

  static async start(
    registry: WorkerRegistry,
    store: EventStore,
    backend: QueueBackend,
    logger: Logger,
    options: JobRunnerOptions,
  ): Promise<RunningWorker> {
    const processors = new ProcessorRunner(store, registry.processors, {
      owner: options.owner,
      onStop: (name, error) => {
        logger.error(`Processor ${name} stopped at an event it cannot apply: ${error.message}`, error, 'ProcessorRunner');
      },
    });
    const jobs = new JobRunner(store.database, backend, registry.handlers, logger, options);
    await processors.start();
    await jobs.start();
    return new RunningWorker(processors, jobs);
  }

  async stop(): Promise<void> {
    await Promise.all([this.processors.stop(), this.jobs.stop()]);
  }
}
