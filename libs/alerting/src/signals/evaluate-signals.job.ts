import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { MACHINE_PRINCIPAL } from '../ids';
import { EvaluateSignals, type SignalScope } from './evaluate-signals';
import { EVALUATE_SIGNALS, EVALUATE_SIGNALS_OF_DAY, WATCH_JOBS } from './signal-jobs';

/** Evaluates the rules on the day's figures. One at a time a tenant: figures read earlier never decide after figures read later. */
@Injectable()
export class EvaluateSignalsJob implements JobHandler {
  readonly kind = EVALUATE_SIGNALS;
  readonly queue = 'evaluate' as const;
  readonly attemptsMax = 10;
  readonly leaseSeconds = 60;
  readonly serialBy = 'tenant' as const;

  constructor(private readonly signals: EvaluateSignals) {}

  async run({ tenantId, key, payload }: Job): Promise<JobOutcome> {
    const { correlationId, position } = payload;
    const context = {
      tenantId,
      principalId: MACHINE_PRINCIPAL,
      correlationId: typeof correlationId === 'string' ? correlationId : randomUUID(),
      ...(typeof position === 'number' && { causationPosition: BigInt(position) }),
    };
    await this.signals.evaluate(context, scopeOf(key));
    return { outcome: 'done' };
  }
}

function scopeOf(key: string): SignalScope {
  if (key === WATCH_JOBS) return 'jobs';
  return key === EVALUATE_SIGNALS_OF_DAY ? 'day' : 'now';
}
