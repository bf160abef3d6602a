import type { PlannedLetter } from '@app/credit-domain';
import type { StreamAppend } from '@app/event-store';
import type { OverdueReceivable } from '@app/receivables';
import { newEvent } from '../event-data';
import { letterIdOf } from '../ids';
import { DUNNING } from './letter-table';
import type { MailedLevel } from './dunning-policy.fold';
import type { DunningPlan } from './plan-dunning';
import type { RunRow } from './run-table';

/** One stream a run. */
export const DUNNING_RUN = 'dunning-run';

/** The letters of a plan as events, each under the version of its debtor's stream. */
export function lettersToAppend(tenantId: number, run: Pick<RunRow, 'run_id' | 'as_of'>, plan: DunningPlan): StreamAppend[] {
  return plan.debtors
    .filter(({ decision }) => decision.letters.length > 0)
    .map(({ debtorId, streamVersion, decision }) => ({
      ...{ category: DUNNING, key: debtorId, expectedVersion: streamVersion },
      events: decision.letters.map((letter, index) => {
        const letterId = letterIdOf(tenantId, debtorId, streamVersion + index + 1);
        return newEvent('DunningLetterIssued', run.as_of, issued(letter, { letterId, debtorId, runId: run.run_id }, plan.items));
      }),
    }));
}

function issued(
  { level, currency, total, items, policyId, policyVersion }: PlannedLetter,
  ids: { letterId: string; debtorId: string; runId: string },
  known: ReadonlyMap<string, OverdueReceivable>,
) {
  const { fee, channel, mailChannelId } = level as MailedLevel;
  return {
    ...ids,
    ...{ level: level.level, policyId, policyVersion, channel, mailChannelId, currency, total: String(total) },
    fee: fee === null ? null : { amount: String(fee.minor), currency: fee.currency },
    items: items.map(({ item, daysPastDue }) => ({
      receivableId: item.receivableId,
      documentNo: known.get(item.receivableId)?.documentNo ?? '',
      ...{ dueOn: item.dueOn, daysPastDue, outstanding: String(item.outstanding) },
    })),
  };
}
