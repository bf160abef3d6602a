import { Refusal } from '@app/platform';

/** Four eyes: who proposed may not approve, whichever of their keys they use. */
export function requireOtherPrincipal(proposedBy: string, approver: string): void {
  if (proposedBy === approver) throw new Refusal('four-eyes', 'Whoever proposed it cannot approve it; another principal has to.');
}
