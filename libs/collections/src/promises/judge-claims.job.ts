import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Job, JobHandler, JobOutcome } from '@app/platform';
import { JUDGE_CLAIMS } from '../case/case-log';
import { JudgeClaims } from './judge-claims';

/** The principal of what the system decides by itself. */
const MACHINE_PRINCIPAL = '00000000-0000-0000-0000-000000000000';

/** Judges what there is to judge, batch by batch. Requested when cash or a claim is recorded, and when a day begins. Running it twice changes nothing. */
@Injectable()
export class JudgeClaimsJob implements JobHandler {
  readonly kind = JUDGE_CLAIMS;
  readonly queue = 'evaluate' as const;
  readonly attemptsMax = 20;
  readonly leaseSeconds = 60;
  readonly serialBy = 'tenant' as const;

  constructor(private readonly claims: JudgeClaims) {}

  async run(job: Job): Promise<JobOutcome> {
    const context = { tenantId: job.tenantId, principalId: MACHINE_PRINCIPAL, correlationId: randomUUID() };
    while (!job.signal.aborted && (await this.claims.judgeSome(context))) await job.extendLease();
    return job.signal.aborted ? { outcome: 'retry', notBefore: new Date(0), reason: 'the worker stops' } : { outcome: 'done' };
  }
}
