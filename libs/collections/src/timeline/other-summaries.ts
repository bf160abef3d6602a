import { textOf, type Summary } from './summary';

const assessment =
  (verb: string): Summary =>
  (event) => {
    const rate = textOf(event, 'lossRate');
    return `Individual assessment ${verb}${rate === null ? '' : `: loss rate ${rate}`}`;
  };

const alert =
  (verb: string): Summary =>
  (event) => {
    const [name, cause, reason] = [textOf(event, 'ruleName'), textOf(event, 'cause'), textOf(event, 'reason')];
    return `Alert ${verb}${name === null ? '' : ` by ${name}`}${cause === null ? (reason === null ? '' : `: ${reason}`) : `: ${cause}`}`;
  };

/** What other features write about a debtor; read by field, since their schemas are theirs. */
export const OTHER_SUMMARIES: Readonly<Record<string, Summary>> = {
  IndividualAssessmentProposed: assessment('proposed'),
  IndividualAssessmentApproved: assessment('approved'),
  IndividualAssessmentWithdrawn: assessment('withdrawn'),
  AlertPending: alert('pending'),
  AlertFired: alert('fired'),
  AlertWorsened: alert('worsened'),
  AlertRecovering: alert('recovering'),
  AlertRefired: alert('fired again'),
  AlertResolved: alert('resolved'),
  // A note to an acknowledgement may name people: it is left where it is.
  AlertAcknowledged: () => 'Alert acknowledged',
};
