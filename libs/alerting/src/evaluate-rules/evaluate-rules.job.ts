import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { EVALUATE } from '../alerting-log';
import { MACHINE_PRINCIPAL } from '../ids';
import { EvaluateRules } from './evaluate-rules';

/** Evaluates the rules of a book when a close has figures or a rule is new. Running it twice changes nothing. */
@Injectable()
export class EvaluateRulesJob implements JobHandler {
  readonly kind = EVALUATE;
  readonly queue = 'evaluate' as const;
  readonly attemptsMax = 20;
  readonly leaseSeconds = 60;

  constructor(private readonly rules: EvaluateRules) {}

  async run({ tenantId, payload }: Job): Promise<JobOutcome> {
    const { correlationId, position } = payload;
    await this.rules.evaluate({
      tenantId,
      principalId: MACHINE_PRINCIPAL,
      correlationId: typeof correlationId === 'string' ? correlationId : randomUUID(),
      ...(typeof position === 'number' && { causationPosition: BigInt(position) }),
    });
    return { outcome: 'done' };
  }
}
