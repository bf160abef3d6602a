import { Ratio } from '../../values';
import { LIMIT_BANDS, type LimitBand } from '../limits';

/** Why a debtor stands where it does in a worklist. Points are tenths, so that sums are exact. */
export const SCORE_PARTS = [
  'overdue-amount',
  'days-past-due',
  'broken-promises',
  'credit-limit',
  'next-contact',
  'open-dispute',
  'segment',
] as const;
export type ScorePartName = (typeof SCORE_PARTS)[number];

export interface ScorePart {
  readonly part: ScorePartName;
  /** Tenths of a point; negative for what takes work off the list. */
  readonly tenths: number;
}

/** What is known of a debtor, in numbers; minor units of one currency for all debtors of the list. */
export interface WorkFacts {
  /** Null when it could not be translated: then nothing is made of it, and the list says so. */
  readonly overdue: bigint | null;
  readonly daysPastDue: number;
  readonly brokenPromises: number;
  readonly band: LimitBand | null;
  /** Days since the contact that was agreed on should have been made; 0 on the day itself; null when none is due. */
  readonly contactDueDays: number | null;
  readonly openDisputes: number;
  /** Points of the debtor's segment, by the tenant's policy. */
  readonly segmentTenths: number;
}

const AMOUNT_TENTHS_MAX = 400n;
const DAYS_TENTHS_MAX = 250n;
const HALF_DAYS = 60n;
const BROKEN_PROMISE_TENTHS = 50;
const BROKEN_PROMISES_TENTHS_MAX = 150;
const CONTACT_TENTHS = 100;
const CONTACT_LATE_TENTHS = 10;
const CONTACT_LATE_DAYS_MAX = 5;
const DISPUTE_TENTHS = -100;
const BAND_TENTHS: Readonly<Record<LimitBand, number>> = { 'below-80': 0, '80': 30, '90': 60, '100': 100 };

/**
 * The parts of a score, those of no weight left out. Amount and days saturate: half of the most at the average overdue debtor (`halfAmount`) and at
 * 60 days, so that one giant does not flatten everybody else. Exact: the same facts give the same order everywhere.
 */
export function scoreParts(facts: WorkFacts, halfAmount: bigint): ScorePart[] {
  const parts: ScorePart[] = [
    { part: 'overdue-amount', tenths: facts.overdue === null ? 0 : saturating(facts.overdue, halfAmount, AMOUNT_TENTHS_MAX) },
    { part: 'days-past-due', tenths: saturating(BigInt(facts.daysPastDue), HALF_DAYS, DAYS_TENTHS_MAX) },
    { part: 'broken-promises', tenths: Math.min(facts.brokenPromises * BROKEN_PROMISE_TENTHS, BROKEN_PROMISES_TENTHS_MAX) },
    { part: 'credit-limit', tenths: facts.band === null ? 0 : BAND_TENTHS[facts.band] },
    { part: 'next-contact', tenths: facts.contactDueDays === null ? 0 : contactTenths(facts.contactDueDays) },
    { part: 'open-dispute', tenths: facts.openDisputes > 0 ? DISPUTE_TENTHS : 0 },
    { part: 'segment', tenths: facts.segmentTenths },
  ];
  return parts.filter(({ tenths }) => tenths !== 0);
}

export function scoreOf(parts: readonly ScorePart[]): number {
  return parts.reduce((sum, { tenths }) => sum + tenths, 0);
}

function saturating(value: bigint, half: bigint, most: bigint): number {
  if (value <= 0n) return 0;
  return Number(Ratio.of(value, value + half).shareOf(most));
}

function contactTenths(daysLate: number): number {
  return CONTACT_TENTHS + Math.min(daysLate, CONTACT_LATE_DAYS_MAX) * CONTACT_LATE_TENTHS;
}

/** How a debtor stood when it was put off, to tell whether it has become worse since. */
export interface WorkSnapshot {
  /** By currency, in minor units. */
  readonly overdue: Readonly<Record<string, bigint>>;
  readonly brokenPromises: number;
  readonly band: LimitBand | null;
}
export type Worsening = 'overdue-grew' | 'promise-broken' | 'limit-band-rose';

/** Growth of what is overdue in a currency that ends a snooze: more than a tenth. */
const GROWTH = 10n;

/** What has become worse than it was: then a debtor that was put off comes back early. Null: nothing has. */
export function worsening(before: WorkSnapshot, now: WorkSnapshot): Worsening | null {
  if (now.brokenPromises > before.brokenPromises) return 'promise-broken';
  if (rank(now.band) > rank(before.band)) return 'limit-band-rose';
  const grew = Object.entries(now.overdue).some(([currency, amount]) => {
    const was = before.overdue[currency] ?? 0n;
    return amount * GROWTH > was * (GROWTH + 1n);
  });
  return grew ? 'overdue-grew' : null;
}

const rank = (band: LimitBand | null): number => (band === null ? 0 : LIMIT_BANDS.indexOf(band));
