import type { AgeingScheme, ForwardLookingScenario } from '@app/credit-domain';
import { Query } from '@nestjs/cqrs';
import type { ProvisionFiguresData } from '../events';
import type { WhatIfDifference } from './difference';

/** The scheme given in a what-if is known by this id in its answer and nowhere else. */
export const WHAT_IF_SCHEME = 'what-if';

/** What is taken to be otherwise; everything left out is as it was recorded and approved. */
export interface WhatIfChanges {
  /** rates that take the place of a kind's approved set; `scheme` undefined = the buckets given here, else that of the approved set. */
  readonly lossRates?:
    | readonly {
        readonly kind: string;
        readonly scheme?: string | undefined;
        readonly rates: readonly { readonly segment: string; readonly bucket: string; readonly rate: string }[];
      }[]
    | undefined;
  /** rates of a pair that take the place of the recorded ones, both ways round. */
  readonly fxRates?: readonly { readonly base: string; readonly quote: string; readonly rate: string }[] | undefined;
  /** scenarios that take the place of a kind's approved ones. */
  readonly forwardLooking?:
    | readonly { readonly kind: string; readonly scenarios: readonly ForwardLookingScenario[]; readonly keepFullRates: boolean }[]
    | undefined;
  /** take the place of every approved overlay; an empty list is a run without any. */
  readonly overlays?:
    | readonly {
        readonly kind: string;
        readonly entityId: string | null;
        readonly class: string | null;
        readonly segment: string | null;
        readonly amount: bigint;
        readonly currency: string;
      }[]
    | undefined;
  /** debtors taken to be of another segment. */
  readonly segments?: readonly { readonly debtorId: string; readonly segment: string }[] | undefined;
  /** buckets of nobody's scheme, for kinds with rates given here; as a scheme definition is sent. */
  readonly buckets?: { readonly basis: unknown; readonly buckets: unknown } | undefined;
}

export interface WhatIfRequest extends WhatIfChanges {
  readonly asOf: string;
  readonly knownAt?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly scheme?: string | undefined;
  readonly currency?: string | undefined;
  /** a completed run to compare with; undefined = the same calculation without the changes. */
  readonly compareTo?: string | undefined;
}

export interface WhatIfAnswer {
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: bigint;
  readonly figures: ProvisionFiguresData;
  readonly comparedTo: string | null;
  /** null when the unchanged calculation has no figures (`baseProblem` says why). */
  readonly difference: WhatIfDifference | null;
  readonly baseProblem: { readonly code: string; readonly detail: string } | null;
}

/**
 * A run with something taken to be otherwise; nothing is written. Refused as a run would fail (`loss-rate-missing`, `fx-rate-missing`,
 * `stage-parameters-missing`, `assessment-currency-ambiguous`, `ageing-scheme-unknown`, currencies), and `kind-without-ecl`,
 * `loss-rates-invalid`, `ageing-scheme-invalid`, `weights-not-one`, `policy-invalid`, `rate-format`, `debtor-unknown`, and for the
 * comparison `provision-run-not-found`, `provision-run-not-completed`, `currency-mismatch`.
 */
export class WhatIfQuery extends Query<WhatIfAnswer> {
  constructor(
    readonly tenantId: number,
    readonly request: WhatIfRequest,
  ) {
    super();
  }
}

/** Changes after their checks. */
export interface CheckedChanges extends Omit<WhatIfChanges, 'buckets'> {
  readonly customScheme: AgeingScheme | null;
}
