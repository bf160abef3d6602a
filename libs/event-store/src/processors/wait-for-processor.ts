import type { Database } from '../database';
import { ProjectionBehind } from '../errors';
import type { Position } from '../types';
import { nextProgress } from './progress';

const PAUSE_MS_MIN = 2;
const PAUSE_MS_MAX = 25;

/**
 * Resolves once a processor has applied everything up to a settled position of a tenant; at once when nothing there concerns it.
 * Throws ProjectionBehind after the timeout.
 */
export async function waitForProcessor(
  database: Database,
  name: string,
  tenantId: number,
  position: Position,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let pause = PAUSE_MS_MIN;
  for (;;) {
    const [row] = await database.statement<{ reached: boolean }>('SELECT es.processor_reached($1, $2, $3) AS reached', [
      name,
      tenantId,
      position,
    ]);
    if (row?.reached === true) return;
    const left = deadline - performance.now();
    if (left <= 0) throw new ProjectionBehind(name, tenantId, position, timeoutMs);
    await nextProgress(name, tenantId, Math.min(pause, left));
    pause = Math.min(pause * 1.5, PAUSE_MS_MAX);
  }
}
