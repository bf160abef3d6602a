import { isFractionText } from './loss-rate-set';

/** What makes a proposed policy unusable, as the code its refusal carries. */
export type PolicyFaultCode =
  | 'fraction-out-of-range'
  | 'general-approach-not-allowed'
  | 'policy-invalid'
  | 'reason-missing'
  | 'rebuttal-reason-missing'
  | 'weights-not-one';

export interface PolicyFault {
  readonly code: PolicyFaultCode;
  readonly detail: string;
  /** path into the proposal, e.g. `scenarios[1].weight`. */
  readonly field: string;
}

/** Collects the faults of one proposal, so that its author hears of all of them at once. */
export class FaultList {
  readonly faults: PolicyFault[] = [];

  add(field: string, detail: string, code: PolicyFaultCode = 'policy-invalid'): void {
    this.faults.push({ code, detail, field });
  }

  /** Adds a fault unless the text is a plain decimal between 0 and 1; answers whether it is one. */
  fraction(field: string, text: string): boolean {
    if (isFractionText(text)) return true;
    this.add(field, `'${text}' is not a fraction between 0 and 1.`, 'fraction-out-of-range');
    return false;
  }

  reason(field: string, text: string): void {
    if (text.trim() === '') this.add(field, 'Give a reason: it is what the approval rests on.', 'reason-missing');
  }

  period(effectiveOn: string, end: { readonly field: string; readonly on: string | null }): void {
    if (end.on !== null && end.on < effectiveOn) this.add(end.field, `${end.field} ${end.on} lies before effectiveOn ${effectiveOn}.`);
  }

  /** A list that narrows a policy down has something in it; null is how to leave it open. */
  kinds(kinds: readonly string[] | null): void {
    if (kinds?.length === 0) this.add('kinds', 'Name at least one kind, or leave kinds out for all of them.');
  }
}
