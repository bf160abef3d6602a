import { rateText, type BoundedRate } from '@app/credit-domain';
import type { EvidenceCohort, EvidenceMatrix, EvidenceMigration, EvidenceRate, EvidenceRoll, EvidenceWarning } from './evidence.query';

/** What one method found; lists of other methods are empty. */
export interface Findings {
  readonly rates: EvidenceRate[];
  readonly rolls: EvidenceRoll[];
  readonly migrations: EvidenceMigration[];
  readonly matrices: EvidenceMatrix[];
  readonly cohorts: EvidenceCohort[];
  readonly factors: { readonly segment: string; readonly factors: readonly (string | null)[] }[];
  readonly sample: { receivables: number; amount: bigint };
  readonly warnings: EvidenceWarning[];
}

/** A rate and its bounds as the answer shows them. */
export function rateTexts({ rate, low, high }: BoundedRate, decimals: number | undefined): Pick<EvidenceRate, 'rate' | 'low' | 'high'> {
  return { rate: rateText(rate, decimals), low: rateText(low, decimals), high: rateText(high, decimals) };
}

export const noFindings = (): Findings => ({
  ...{ rates: [], rolls: [], migrations: [], matrices: [], cohorts: [], factors: [] },
  ...{ sample: { receivables: 0, amount: 0n }, warnings: [] },
});
