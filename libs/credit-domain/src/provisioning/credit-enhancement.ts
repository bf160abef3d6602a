import type { ExchangeRate } from '../fx';
import { currencyExponent, Decimal, divideHalfUp, formatRate, largestRemainder, RATE_DECIMALS_MAX, roundHalfUp } from '../values';
import { decimalRate } from './forward-looking';
import { isEffective, isLaterThan } from './in-force';
import { cellKey } from './merge-cells';
import { byCodeUnit } from './order';
import type { ApprovedCreditEnhancement } from './policies';
import type { CollectiveCell, ProvisionInput } from './provision';

/**
 * Credit insurance, collateral and guarantees (IFRS 9 B5.5.55). The standard says when cover counts and gives no formula; the formulas below
 * are a policy choice (`ecl.md`, section 10). For one debtor and one enhancement, over the claims it names:
 *
 *     exposure  = gross of those claims, translated into the enhancement's currency at the closing rate of asOf
 *     insured   = min(max(0, exposure - deductible), limit)          (no limit: all of it)
 *     retained  = 1 - coveredShare + coveredShare x providerLossRate
 *     allowance = rate x (insured x retained + (exposure - insured))
 *
 * `insured` is spread over the claims by gross, so a covered claim keeps rate x (1 - insured / exposure x (1 - retained)). The provider's own
 * loss rate stays in, because even full cover carries its risk. The formula is the same for a matrix rate and for the rate of a stage.
 *
 * Integral to the terms: it lowers the allowance of pooled and staged claims. It does not touch individual assessments, which weigh the
 * debtor's own cash flows and are to count the cover among them; the run says where that is the case. Not integral: the allowance stays
 * whole and `reimbursement` is shown beside it. Cover counts from its first to its last day; of several integral ones on a claim the latest.
 */
export interface Cover {
  readonly enhancement: ApprovedCreditEnhancement;
  /** in minor units of the enhancement's currency. */
  readonly exposure: Decimal;
  readonly insured: Decimal;
  /** share of the loss on the insured part that stays, to 24 decimals. */
  readonly retained: string;
  /** insured part of each cell, in minor units of the cell's currency. */
  readonly byCell: ReadonlyMap<CollectiveCell, bigint>;
}

const SCALE = 10n ** BigInt(RATE_DECIMALS_MAX);
const ONE = new Decimal(1);

type Rates = Pick<ProvisionInput, 'closingRates'>;

export function enhancementsInForce(input: Pick<ProvisionInput, 'enhancements' | 'asOf'>): ApprovedCreditEnhancement[] {
  return input.enhancements
    .filter((each) => isEffective(each, input.asOf, each.expiresOn))
    .sort((a, b) => byCodeUnit(a.enhancementId, b.enhancementId));
}

/** Whether an enhancement speaks of a claim at all. */
export function isEnhanced(
  enhancement: Pick<ApprovedCreditEnhancement, 'debtorId' | 'kinds' | 'entityId'>,
  claim: { readonly debtorId?: string | null; readonly kind: string; readonly entityId: string },
): boolean {
  return (
    enhancement.debtorId === claim.debtorId &&
    (enhancement.kinds === null || enhancement.kinds.includes(claim.kind)) &&
    (enhancement.entityId === null || enhancement.entityId === claim.entityId)
  );
}

/** The integral enhancement that covers a claim: of several the latest effective one, then the one approved last. */
export function integralCoverOf(
  inForce: readonly ApprovedCreditEnhancement[],
  claim: { readonly debtorId?: string | null; readonly kind: string; readonly entityId: string },
): ApprovedCreditEnhancement | null {
  let found: ApprovedCreditEnhancement | null = null;
  for (const enhancement of inForce) {
    if (!enhancement.integral || !isEnhanced(enhancement, claim)) continue;
    if (found === null || isLaterThan(enhancement, found)) found = enhancement;
  }
  return found;
}

/** Covers of the pooled and staged claims by enhancement id; an enhancement without such claims is left out. */
export function integralCovers(input: ProvisionInput): ReadonlyMap<string, Cover> {
  const inForce = enhancementsInForce(input);
  const cells = new Map<ApprovedCreditEnhancement, CollectiveCell[]>();
  for (const cell of input.collective) {
    if (cell.amount === 0n) continue;
    const enhancement = integralCoverOf(inForce, cell);
    if (enhancement !== null) cells.set(enhancement, [...(cells.get(enhancement) ?? []), cell]);
  }
  return new Map([...cells].map(([enhancement, own]) => [enhancement.enhancementId, coverOf(input, enhancement, own)]));
}

/** The cover an enhancement gives to the cells. Throws when a closing rate is missing after the rates were checked. */
export function coverOf(rates: Rates, enhancement: ApprovedCreditEnhancement, cells: readonly CollectiveCell[]): Cover {
  const exposure = cells.reduce((sum, cell) => sum.plus(inCurrency(rates, cell, enhancement.currency)), new Decimal(0));
  const afterDeductible = Decimal.max(0, exposure.minus(enhancement.deductible.toString()));
  const insured = enhancement.limit === null ? afterDeductible : Decimal.min(afterDeductible, enhancement.limit.toString());
  return { enhancement, exposure, insured, retained: retainedShare(enhancement), byCell: spreadInsured(cells, insured, exposure) };
}

/** Currency by currency, then over its cells by gross, in an order that does not depend on how the cells came. */
function spreadInsured(cells: readonly CollectiveCell[], insured: Decimal, exposure: Decimal): Map<CollectiveCell, bigint> {
  const byCell = new Map<CollectiveCell, bigint>();
  for (const currency of [...new Set(cells.map((cell) => cell.currency))]) {
    const own = cells.filter((cell) => cell.currency === currency).sort((a, b) => byCodeUnit(cellKey(a), cellKey(b)));
    const gross = own.reduce((sum, { amount }) => sum + amount, 0n);
    const part = exposure.isZero() ? 0n : roundHalfUp(insured.times(gross.toString()).div(exposure));
    const parts = largestRemainder(
      part > gross ? gross : part,
      own.map(({ amount }) => amount),
    );
    own.forEach((cell, index) => byCell.set(cell, parts[index] ?? 0n));
  }
  return byCell;
}

function retainedShare({ coveredShare, providerLossRate }: ApprovedCreditEnhancement): string {
  const covered = decimalRate(coveredShare);
  return formatRate(
    ONE.minus(covered)
      .plus(covered.times(decimalRate(providerLossRate)))
      .toDecimalPlaces(RATE_DECIMALS_MAX),
  );
}

/** rate x (insured x retained + uninsured), exact until it is rounded once, half up. */
export function coveredAllowance(gross: bigint, insured: bigint, rate: string, retained: string): bigint {
  const kept = insured * scaled(retained) + (gross - insured) * SCALE;
  return divideHalfUp(kept * scaled(rate), SCALE * SCALE);
}

/** What is left of a rate on claims of which `insured` out of `gross` is covered; gross is above zero. */
export function coveredRate(rate: string, insured: Decimal, gross: Decimal, retained: string): string {
  const kept = insured.times(decimalRate(retained)).plus(gross.minus(insured)).times(decimalRate(rate)).div(gross);
  return formatRate(kept.toDecimalPlaces(RATE_DECIMALS_MAX));
}

/** What the provider would pay of a loss at `rate` on `insured`, in fractions of a minor unit. */
export function reimbursedLoss(insured: bigint, rate: string, retained: string): Decimal {
  return ONE.minus(decimalRate(retained)).times(decimalRate(rate)).times(insured.toString());
}

function scaled(rate: string): bigint {
  return BigInt(decimalRate(rate).times(SCALE.toString()).toFixed(0));
}

/** Minor units of a cell in another currency, through the presentation currency. */
function inCurrency({ closingRates }: Rates, cell: CollectiveCell, currency: string): Decimal {
  const amount = new Decimal(cell.amount.toString());
  if (cell.currency === currency) return amount;
  const [from, to] = [closingRates.get(cell.currency), closingRates.get(currency)];
  if (from === undefined || to === undefined)
    throw new Error(`No closing rate from ${cell.currency} to ${currency} after the rates were checked.`);
  return amount.times(minorRate(from)).div(minorRate(to));
}

/** Minor units of the presentation currency for one minor unit. */
export function minorRate(rate: ExchangeRate): Decimal {
  const shift = currencyExponent(rate.to) - currencyExponent(rate.from);
  return new Decimal(rate.numerator.toString()).div(rate.denominator.toString()).times(new Decimal(10).pow(shift));
}
