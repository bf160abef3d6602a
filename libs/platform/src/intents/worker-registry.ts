import { ProcessorRunner, type EventStore, type Processor } from '@app/event-store';
import type { Clock } from '../identity/clock';
import type { Logger } from '../logging/logger';
import type { QueueBackend } from '../queue/queue-backend';
import { type Schedule, Scheduler } from '../schedule/scheduler';
import { StartFailure } from '../start/start-failure';
import type { Intents } from './intents';
import type { JobHandler } from './job';
import { JobRunner, type JobRunnerOptions } from './job-runner';

/** Where the features of the worker leave their processors, job handlers and schedules, in `onModuleInit`. */
export class WorkerRegistry {
  readonly #handlers = new Map<string, JobHandler>();
  readonly #processors = new Map<string, Processor>();
  readonly #schedules = new Map<string, Schedule>();

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

  /** @throws StartFailure when the name is taken: two would share their slots. */
  addSchedule(schedule: Schedule): void {
    if (this.#schedules.has(schedule.name)) throw new StartFailure(`Two schedules are registered as ${schedule.name}.`);
    this.#schedules.set(schedule.name, schedule);
  }

  get processors(): readonly Processor[] {
    return [...this.#processors.values()];
  }

  get handlers(): ReadonlyMap<string, JobHandler> {
    return this.#handlers;
  }

  /** @throws StartFailure when a schedule asks for a job that nobody runs. */
  get schedules(): readonly Schedule[] {
    const schedules = [...this.#schedules.values()];
    const idle = schedules.find(({ kind }) => !this.#handlers.has(kind));
    if (idle !== undefined) throw new StartFailure(`Schedule ${idle.name} asks for ${idle.kind}, which has no handler.`);
    return schedules;
  }
}

export interface WorkerOptions extends JobRunnerOptions {
  readonly intents: Intents;
  readonly clock: Clock;
  /** IANA name; the days of tenants without a zone of their own begin in it. */
  readonly timeZone: string;
}

/** The running half of a worker: every processor, every queue and every schedule. */
export class RunningWorker {
  private constructor(
    private readonly processors: ProcessorRunner,
    private readonly jobs: JobRunner,
    private readonly scheduler: Scheduler,
  ) {}

  static async start(
    registry: WorkerRegistry,
    store: EventStore,
    backend: QueueBackend,
    logger: Logger,
    options: WorkerOptions,
  ): Promise<RunningWorker> {
    const processors = new ProcessorRunner(store, registry.processors, {
      owner: options.owner,
      onStop: (name, error) => {
        logger.error(`Processor ${name} stopped at an event it cannot apply: ${error.message}`, error, 'ProcessorRunner');
      },
    });
    const jobs = new JobRunner(store.database, backend, registry.handlers, logger, options);
    const { intents, clock, timeZone } = options;
    const scheduler = new Scheduler({ database: store.database, intents, clock, timeZone, logger }, registry.schedules);
    await processors.start();
    await jobs.start();
    scheduler.start();
    return new RunningWorker(processors, jobs, scheduler);
  }

  async stop(): Promise<void> {
    await this.scheduler.stop();
    await Promise.all([this.processors.stop(), this.jobs.stop()]);
  }
}
