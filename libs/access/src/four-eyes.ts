import { Refusal } from '@app/platform';

/**
 * Refuses (`four-eyes`) when the approver is the principal that proposed. Principals are compared, not keys: a second key of the same person
 * is the same pair of eyes.
 */
export function assertFourEyes(proposedBy: string, approvedBy: string): void {
  if (proposedBy.toLowerCase() !== approvedBy.toLowerCase()) return;
  throw new Refusal('four-eyes', 'Whoever proposed this cannot approve it: another principal has to.');
}
