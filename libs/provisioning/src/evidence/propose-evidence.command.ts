import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';
import type { ProposedPolicy } from '../policy/policy-book';
import type { EvidenceRate, EvidenceRequest } from './evidence.query';

export interface EvidenceProposal {
  /** the rates are derived again as known at this position or now; the answer of an earlier reading is never taken over unseen. */
  readonly evidence: EvidenceRequest;
  /** chosen by the caller, else made here. */
  readonly id?: string | undefined;
  readonly effectiveOn: string;
  readonly replaces?: string | undefined;
  /** rates above one are proposed as one; otherwise they are refused. */
  readonly capAtOne: boolean;
}

export type ProposedFromEvidence = ProposedPolicy & { readonly rates: readonly EvidenceRate[] };

/**
 * Derives loss rates and proposes them as a set with their evidence. Nothing uses them before another principal approves. Refused
 * `evidence-rate-undefined`, `evidence-rate-above-one`, `evidence-not-by-bucket` and whatever the evidence or the proposal is refused for.
 */
export class ProposeEvidenceCommand extends Command<ProposedFromEvidence> {
  constructor(
    readonly context: RequestContext,
    readonly proposal: EvidenceProposal,
  ) {
    super();
  }
}
