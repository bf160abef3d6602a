import { Decimal, parseRate } from '../values';
import { FaultList, type PolicyFault } from './policy-fault';
import type { ForwardLookingScenario, ForwardLookingSet } from './policies';

const FORWARD_LOOKING_SCENARIOS_MAX = 20;
/** A factor beyond this is a percentage or a slip of the point, not a forecast. */
const SCALAR_MAX = 100;

export interface ForwardLookingWarning {
  readonly code: 'driver-worsened-scalar-below-one';
  readonly detail: string;
}

/** Checks a proposed set: weights that are shares of exactly 1 (IFRS 9 5.5.17(a)), factors not negative, names told apart. */
export function checkForwardLookingSet(set: ForwardLookingSet): PolicyFault[] {
  const list = new FaultList();
  list.reason('reason', set.reason);
  if (set.scenarios.length === 0 || set.scenarios.length > FORWARD_LOOKING_SCENARIOS_MAX) {
    list.add('scenarios', `Give between 1 and ${String(FORWARD_LOOKING_SCENARIOS_MAX)} scenarios.`);
    return list.faults;
  }
  const names = new Set<string>();
  let weighable = true;
  for (const [index, { name, weight, scalar }] of set.scenarios.entries()) {
    const at = `scenarios[${String(index)}]`;
    if (name.trim() === '') list.add(`${at}.name`, 'A scenario has a name.');
    if (names.has(name)) list.add(`${at}.name`, `There are two scenarios '${name}'.`);
    names.add(name);
    weighable = list.fraction(`${at}.weight`, weight) && weighable;
    const factor = parseRate(scalar);
    if (factor === undefined || factor.isNegative() || factor.gt(SCALAR_MAX)) {
      list.add(`${at}.scalar`, `'${scalar}' is not a factor between 0 and ${String(SCALAR_MAX)}; 1 leaves a rate as it is.`);
    }
  }
  if (!weighable) return list.faults;
  const sum = set.scenarios.reduce((total, { weight }) => total.plus(weight), new Decimal(0));
  if (!sum.eq(1)) list.add('scenarios', `The weights of the scenarios add up to ${sum.toFixed()}, not to 1.`, 'weights-not-one');
  return list.faults;
}

/** The direction of a change has to agree with what is observed (IFRS 9 B5.5.52): told, not refused. For sets without faults. */
export function forwardLookingWarnings(set: ForwardLookingSet): ForwardLookingWarning[] {
  const mean = meanScalar(set.scenarios);
  if (set.driverWorsened !== true || mean.gte(1)) return [];
  const detail = `The driver has worsened, but the scenarios scale losses by ${mean.toFixed()} on average: the direction does not agree (IFRS 9 B5.5.52).`;
  return [{ code: 'driver-worsened-scalar-below-one', detail }];
}

/** Factors weighted by their scenarios. */
export function meanScalar(scenarios: readonly ForwardLookingScenario[]): Decimal {
  return scenarios.reduce((sum, { weight, scalar }) => sum.plus(new Decimal(weight).times(scalar)), new Decimal(0));
}
