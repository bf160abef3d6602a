import type { DebtorPlan, DunningPolicyState, DunningRunView, LetterView, PolicyStatement } from '@app/collections';
import type { z } from 'zod';
import { money, positionNumber } from '../http';
import type { dunningLetters, dunningPolicies, dunningPolicyBody, dunningRun, preview } from './dunning.schemas';

type Minor = { readonly minor: bigint; readonly currency: string } | null;
const moneyOf = (amount: Minor) => (amount === null ? null : money(amount.minor, amount.currency));

export function policyStatement({ name, appliesTo, levels }: z.output<typeof dunningPolicyBody>): PolicyStatement {
  return {
    name,
    appliesTo: {
      ...{ segments: appliesTo.segments ?? null, kinds: appliesTo.kinds ?? null },
      minimumAmount: appliesTo.minimumAmount ?? null,
    },
    levels: levels.map(({ minimumAmount, mailChannelId, fee, ...level }) => ({
      ...level,
      ...{ minimumAmount: minimumAmount ?? null, mailChannelId: mailChannelId ?? null, fee: fee ?? null },
    })),
  };
}

export function policyOnTheWire(policy: DunningPolicyState): z.input<typeof dunningPolicies>['items'][number] {
  const { policyId, version, status, name, appliesTo, levels } = policy;
  return {
    ...{ id: policyId, version, status, name },
    appliesTo: {
      ...{ segments: appliesTo.segments === null ? null : [...appliesTo.segments] },
      ...{ kinds: appliesTo.kinds === null ? null : [...appliesTo.kinds], minimumAmount: moneyOf(appliesTo.minimumAmount) },
    },
    levels: levels.map((level) => ({ ...level, minimumAmount: moneyOf(level.minimumAmount), fee: moneyOf(level.fee) })),
  };
}

export function runOnTheWire({ runId, knownTo, requestedAt, notDunned, ...run }: DunningRunView): z.input<typeof dunningRun> {
  const position = knownTo === null ? null : positionNumber(knownTo);
  return { id: runId, ...run, notDunned: { ...notDunned }, knownTo: position, requestedAt: requestedAt.toISOString() };
}

export function planOnTheWire({ debtorId, decision }: DebtorPlan): z.input<typeof preview>['debtors'][number] {
  return {
    debtorId,
    letters: decision.letters.map(({ policyId, policyVersion, level, currency, total, items }) => ({
      ...{ policyId, policyVersion, level: level.level, channel: level.channel, total: money(total, currency) },
      items: items.map(({ item, daysPastDue }) => ({
        ...{ receivableId: item.receivableId, outstanding: money(item.outstanding, currency), dueOn: item.dueOn, daysPastDue },
      })),
    })),
    notDunned: decision.notDunned.map((left) => ({ ...left })),
  };
}

export function letterOnTheWire({
  letterId,
  position,
  total,
  fee,
  receivableIds,
  ...letter
}: LetterView): z.input<typeof dunningLetters>['items'][number] {
  return {
    ...{ id: letterId, debtorId: letter.debtorId, runId: letter.runId, policyId: letter.policyId, policyVersion: letter.policyVersion },
    ...{ level: letter.level, channel: letter.channel, issuedOn: letter.issuedOn, state: letter.state, sentOn: letter.sentOn },
    ...{ failure: letter.failure, total: money(total.minor, total.currency), fee: moneyOf(fee) },
    ...{ receivableIds: [...receivableIds], nothingOwed: letter.nothingOwed, position: positionNumber(position) },
  };
}
