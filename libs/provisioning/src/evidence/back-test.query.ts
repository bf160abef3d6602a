import type { BackTestOutcome } from '@app/credit-domain';
import { Query } from '@nestjs/cqrs';
import type { EvidenceWarning } from './evidence.query';

export interface BackTestLine extends BackTestOutcome {
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string;
  readonly gross: bigint;
  readonly receivables: number;
  /** settled by `at` in a way nobody has classified; neither loss nor collection here. */
  readonly unclassified: bigint;
  /** still owed at `at`. */
  readonly stillOpen: bigint;
}

export interface LossRateBackTest {
  readonly asOf: string;
  readonly at: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly currency: string;
  readonly setId: string;
  readonly kind: string;
  readonly scheme: string;
  readonly lines: readonly BackTestLine[];
  readonly total: BackTestOutcome & Pick<BackTestLine, 'gross' | 'receivables' | 'unclassified' | 'stillOpen'>;
  readonly warnings: readonly EvidenceWarning[];
}

/**
 * What a set of loss rates gave on the collective claims of a date, against what came of the same claims by a later one: write-offs net of
 * recoveries and the allowance then needed on what was open (IFRS 9 B5.5.52). Refused `loss-rate-set-not-found`, `evidence-window-invalid`,
 * `loss-rate-missing`, `fx-rate-missing`.
 */
export class BackTestLossRatesQuery extends Query<LossRateBackTest> {
  constructor(
    readonly tenantId: number,
    readonly request: {
      readonly setId: string;
      /** default the day the set became effective. */
      readonly asOf?: string | undefined;
      readonly at: string;
      readonly knownAt?: string | undefined;
      readonly currency?: string | undefined;
    },
  ) {
    super();
  }
}
