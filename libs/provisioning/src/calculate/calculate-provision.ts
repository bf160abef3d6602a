import type { LineUnit, ProvisionInput, ProvisionMeasure } from '@app/credit-domain';
import { expectedCreditLoss } from '@app/credit-domain';
import type { ProvisionFiguresData } from '../events';
import type { ProvisionPolicy } from '../policy/read-policy';
import type { BookReading } from './book-reading';
import { gatherInput, type ProvisionRequest } from './gather-input';
import { attempt, type Attempt } from './problem';
import { inputsData, resultData } from './result-data';

/** The result part of a completed run, in event form. */
export type ProvisionOutput = ProvisionFiguresData;

/** A calculated provision with what explaining it receivable by receivable needs: how it measured, and what its lines are made of. */
export interface CalculatedProvision {
  readonly output: ProvisionOutput;
  readonly input: ProvisionInput;
  readonly measure: ProvisionMeasure;
  readonly units: readonly LineUnit[];
}

/**
 * Gathers what the rules need at the reading's (asOf, position) and applies them. The same reading and policy always give the same
 * output, which is what verifying a run later rests on.
 */
export async function calculateProvision(
  book: BookReading,
  policy: ProvisionPolicy,
  request: ProvisionRequest,
): Promise<Attempt<ProvisionOutput>> {
  const calculated = await measureProvision(book, policy, request);
  return calculated.ok ? { ok: true, value: calculated.value.output } : calculated;
}

/** `calculateProvision` with its measure. */
export function measureProvision(
  book: BookReading,
  policy: ProvisionPolicy,
  request: ProvisionRequest,
): Promise<Attempt<CalculatedProvision>> {
  return attempt(async () => {
    const { input, kindsLeftOut } = await gatherInput(book, policy, request);
    const outcome = expectedCreditLoss(input);
    if (!outcome.ok) {
      const { code, detail, errors } = outcome.problem;
      return { ok: false, problem: { code, detail, errors: errors.map((error) => ({ ...error })) } };
    }
    const { result, measure, units } = outcome;
    const data = resultData(result);
    const output: ProvisionOutput = {
      currency: input.currency,
      inputs: inputsData(input, outcome),
      ...data,
      warnings: [...kindsLeftOut.map(kindLeftOut), ...data.warnings],
    };
    return { ok: true, value: { output, input, measure, units } };
  });
}

function kindLeftOut(kind: string): ProvisionOutput['warnings'][number] {
  return {
    code: 'kind-left-out',
    detail:
      `Kind '${kind}' has exposure that is not assessed individually and neither an approved loss-rate set nor an approved staging policy, ` +
      'so it is not in this run.',
  };
}
