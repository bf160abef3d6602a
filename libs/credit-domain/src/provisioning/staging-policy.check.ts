import { Decimal } from '../values';
import { FaultList, type PolicyFault } from './policy-fault';
import type { StageParameters, StagingPolicy, TermPeriod } from './policies';

/** Presumed significant increase in credit risk: more than 30 days past due (IFRS 9 5.5.11). */
export const PRESUMED_SICR_DAYS = 30;
/** Presumed default: not later than 90 days past due (IFRS 9 B5.5.37). */
export const PRESUMED_DEFAULT_DAYS = 90;

const STAGE_DAYS_MAX = 3650;
const STAGE_PARAMETERS_MAX = 1000;
const TERM_PERIODS_MAX = 600;
const MONTHS_MAX = 600;

/**
 * Kinds for which lifetime losses are mandatory, so that there is nothing to stage: trade receivables, the notes that settle them and contract
 * assets, all without a significant financing component (IFRS 9 5.5.15(a)(i)). Those with one belong into kind `long_term`.
 */
const SIMPLIFIED_ONLY: ReadonlySet<string> = new Set(['trade', 'note_bank', 'note_commercial', 'contract_asset']);

/** Whether a kind may be measured in three stages. */
export function allowsGeneralApproach(kind: string): boolean {
  return !SIMPLIFIED_ONLY.has(kind);
}

/** Why a kind cannot be staged, in the words of a refusal. */
export function generalApproachRefusal(kind: string): string {
  return `Kind '${kind}' has lifetime losses at all times and no stages (IFRS 9 5.5.15(a)(i)); receivables with a significant financing component are of kind 'long_term'.`;
}

/** Checks a proposed staging policy: the kind, the two thresholds and their rebuttal, and the loss parameters of each class and segment. */
export function checkStagingPolicy(policy: StagingPolicy): PolicyFault[] {
  const list = new FaultList();
  if (!allowsGeneralApproach(policy.kind)) list.add('kind', generalApproachRefusal(policy.kind), 'general-approach-not-allowed');
  checkThresholds(policy, list);
  if (policy.parameters.length === 0 || policy.parameters.length > STAGE_PARAMETERS_MAX) {
    list.add('parameters', `Give between 1 and ${String(STAGE_PARAMETERS_MAX)} rows of parameters.`);
    return list.faults;
  }
  const seen = new Set<string>();
  policy.parameters.forEach((row, index) => {
    const at = `parameters[${String(index)}]`;
    const key = JSON.stringify([row.class, row.segment]);
    if (seen.has(key)) list.add(at, `Class '${row.class}' and segment '${row.segment}' have parameters twice.`);
    seen.add(key);
    checkParameters(row, at, list);
  });
  return list.faults;
}

function checkThresholds({ sicrDays, defaultDays, probationDays, rebuttalReason }: StagingPolicy, list: FaultList): void {
  const days = { sicrDays, defaultDays, probationDays };
  for (const [field, value] of Object.entries(days)) {
    if (!Number.isInteger(value) || value < 0 || value > STAGE_DAYS_MAX) {
      list.add(field, `${field} is a whole number of days between 0 and ${String(STAGE_DAYS_MAX)}.`);
    }
  }
  if (sicrDays >= defaultDays) {
    list.add(
      'defaultDays',
      `Default at ${String(defaultDays)} days past due cannot come before a significant increase after ${String(sicrDays)}.`,
    );
  }
  const rebutted = sicrDays !== PRESUMED_SICR_DAYS || defaultDays !== PRESUMED_DEFAULT_DAYS;
  if (rebutted && (rebuttalReason === null || rebuttalReason.trim() === '')) {
    list.add(
      'rebuttalReason',
      `Thresholds other than ${String(PRESUMED_SICR_DAYS)} and ${String(PRESUMED_DEFAULT_DAYS)} days rebut a presumption (IFRS 9 5.5.11, B5.5.37): say why.`,
      'rebuttal-reason-missing',
    );
  }
}

function checkParameters(row: StageParameters, at: string, list: FaultList): void {
  const twelve = list.fraction(`${at}.pd12Months`, row.pd12Months);
  const lifetime = list.fraction(`${at}.pdLifetime`, row.pdLifetime);
  list.fraction(`${at}.lgd`, row.lgd);
  if (twelve && lifetime && new Decimal(row.pd12Months).gt(row.pdLifetime)) {
    list.add(
      `${at}.pd12Months`,
      `Default within 12 months (${row.pd12Months}) cannot be likelier than over the whole life (${row.pdLifetime}).`,
    );
  }
  if (row.effectiveRate !== null) list.fraction(`${at}.effectiveRate`, row.effectiveRate);
  const { recoveryMonths } = row;
  if (recoveryMonths !== null && !isMonthCount(recoveryMonths)) {
    list.add(`${at}.recoveryMonths`, `recoveryMonths is a whole number between 0 and ${String(MONTHS_MAX)}.`);
  }
  if (row.term === null) {
    if ((row.effectiveRate === null) !== (recoveryMonths === null)) {
      list.add(`${at}.recoveryMonths`, 'Discounting needs both effectiveRate and recoveryMonths; leave both out for none.');
    }
    return;
  }
  checkTerm(row.term, `${at}.term`, list);
}

function checkTerm(term: readonly TermPeriod[], at: string, list: FaultList): void {
  if (term.length === 0 || term.length > TERM_PERIODS_MAX) {
    list.add(at, `Give between 1 and ${String(TERM_PERIODS_MAX)} periods, or leave term out.`);
    return;
  }
  let before = 0;
  let cumulative = new Decimal(0);
  for (const [index, period] of term.entries()) {
    const here = `${at}[${String(index)}]`;
    if (!isMonthCount(period.months) || period.months <= before) {
      list.add(
        `${here}.months`,
        `Periods end in rising order, within ${String(MONTHS_MAX)} months; ${String(period.months)} does not follow ${String(before)}.`,
      );
    }
    before = period.months;
    list.fraction(`${here}.lgd`, period.lgd);
    list.fraction(`${here}.exposureShare`, period.exposureShare);
    if (list.fraction(`${here}.marginalPd`, period.marginalPd)) cumulative = cumulative.plus(period.marginalPd);
  }
  if (cumulative.gt(1)) list.add(at, `The marginal default probabilities add up to ${cumulative.toFixed()}, more than certainty.`);
}

function isMonthCount(months: number): boolean {
  return Number.isInteger(months) && months >= 0 && months <= MONTHS_MAX;
}
