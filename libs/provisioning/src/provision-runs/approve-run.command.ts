import type { RequestContext } from '@app/platform';
import { Command } from '@nestjs/cqrs';

/**
 * Signs the figures of a completed run; the approved run of the same date, kinds and scheme is superseded with it. Approving what is
 * approved changes nothing. Refused `provision-run-not-found`, `run-not-completed`, `four-eyes`, `content-changed` (another hash than the
 * one given), `run-record-altered`, `run-superseded`, `control-difference-unexplained`, `period-closed`.
 */
export class ApproveProvisionRunCommand extends Command<{ id: string; status: 'approved' | 'posted'; hash: string; superseded: string[] }> {
  constructor(
    readonly context: RequestContext,
    readonly runId: string,
    readonly hash: string | undefined,
  ) {
    super();
  }
}
