/** Why rates cannot be derived from what was given: a stable code, a sentence, and the parameter at fault where there is one. */
export type EvidenceFaultCode =
  | 'evidence-buckets-not-periods'
  | 'evidence-groups-invalid'
  | 'evidence-window-invalid'
  | 'markov-closed-class'
  | 'markov-probability-invalid'
  | 'markov-row-sum';

export class EvidenceFault extends Error {
  override readonly name = 'EvidenceFault';

  constructor(
    readonly code: EvidenceFaultCode,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
}
