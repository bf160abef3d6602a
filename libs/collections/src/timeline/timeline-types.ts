import type { EventDefinition } from '@app/event-store';

const OWN_CODES = [300, 399] as const;
/** Of other features: what is about one debtor, or about an alert that may be. */
const OTHERS = /^(IndividualAssessment|StageAssignment|CreditEnhancement|Alert(?!Rule|Group|Measured))/;

/** The events beside the book that a timeline may show; by name, so that this library needs none of the features that write them. */
export function timelineTypes(catalogue: readonly EventDefinition[]): string[] {
  return catalogue.filter(({ code, type }) => (code >= OWN_CODES[0] && code <= OWN_CODES[1]) || OTHERS.test(type)).map(({ type }) => type);
}
