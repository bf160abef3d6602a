import { EventEmitter } from 'node:events';

const progress = new EventEmitter().setMaxListeners(0);

/** Tells waiters in this process that a processor has moved, which spares them a poll. */
export function announceProgress(name: string, tenantId: number): void {
  progress.emit(`${name}/${tenantId}`);
}

/** Resolves when the processor moves in this process, or after a pause at the latest. */
export function nextProgress(name: string, tenantId: number, pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const event = `${name}/${tenantId}`;
    const done = (): void => {
      clearTimeout(timer);
      progress.off(event, done);
      resolve();
    };
    const timer = setTimeout(done, pauseMs);
    progress.on(event, done);
  });
}
