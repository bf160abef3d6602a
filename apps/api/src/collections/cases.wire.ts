import type { ActivityView, CaseSummary, DisputeView, JudgementRecord, PlanView, PromiseView } from '@app/collections';
import { isWhollyPaused, type ChasingState, type KeepRate, type PausingFact, type Ratio } from '@app/credit-domain';
import type { z } from 'zod';
import { money, positionNumber } from '../http';
import type { activityView, chasingState, collectionsSummary, disputeView, keepRateView, planView, promiseView } from './cases.schemas';

export function activityOnTheWire({ debtorId: _debtor, version: _version, ...activity }: ActivityView): z.input<typeof activityView> {
  return {
    ...activity,
    receivableIds: [...activity.receivableIds],
    recordedAt: activity.recordedAt.toISOString(),
    position: positionNumber(activity.position),
  };
}

function judgementOnTheWire({ outcome, by, recordedAt, paid, counted, unclassified }: JudgementRecord, currency: string) {
  return {
    outcome,
    on: by.on,
    recordedAt: recordedAt.toISOString(),
    paid: money(paid, currency),
    counted: counted.map(({ movementId, amount }) => ({ movementId, amount: money(BigInt(amount), currency) })),
    unclassified: money(unclassified, currency),
    position: positionNumber(by.position),
  };
}

export function promiseOnTheWire(promise: PromiseView): z.input<typeof promiseView> {
  const { id, debtorId, state, amount, currency, dueOn, graceDays, madeBy, receivableIds, note, moves, judgements, withdrawn } = promise;
  return {
    id,
    debtorId,
    state,
    amount: money(amount, currency),
    paid: money(judgements.at(-1)?.paid ?? 0n, currency),
    dueOn,
    graceDays,
    madeOn: madeBy.on,
    receivableIds: receivableIds === null ? null : [...receivableIds],
    note,
    moves: moves.map(({ by, fromDueOn, fromAmount, reason }) => ({
      on: by.on,
      fromDueOn,
      fromAmount: money(fromAmount, currency),
      reason,
      position: positionNumber(by.position),
    })),
    judgements: judgements.map((judgement) => judgementOnTheWire(judgement, currency)),
    withdrawn: withdrawn === null ? null : { ...withdrawn, position: positionNumber(withdrawn.position) },
    position: positionNumber(madeBy.position),
  };
}

export function disputeOnTheWire(dispute: DisputeView): z.input<typeof disputeView> {
  const { id, debtorId, receivableIds, reason, amount, currency, raisedBy, note, resolved } = dispute;
  return {
    id,
    debtorId,
    state: resolved?.resolution ?? 'open',
    receivableIds: [...receivableIds],
    reason,
    amount: money(amount, currency),
    raisedOn: raisedBy.on,
    note,
    resolved:
      resolved === null
        ? null
        : {
            on: resolved.by.on,
            resolution: resolved.resolution,
            creditNoteIds: [...resolved.creditNoteIds],
            note: resolved.note,
            position: positionNumber(resolved.by.position),
          },
    position: positionNumber(raisedBy.position),
  };
}

export function planOnTheWire(plan: PlanView): z.input<typeof planView> {
  const { id, debtorId, state, agreedBy, approved, reason, currency, items, instalments, cancelled } = plan;
  return {
    id,
    debtorId,
    state,
    agreedOn: agreedBy.on,
    approved,
    reason,
    items: items.map((item) => ({ ...item, outstanding: money(item.outstanding, currency) })),
    instalments: instalments.map(({ dueOn, amount, judgements }) => ({
      dueOn,
      amount: money(amount, currency),
      state: judgements.at(-1)?.outcome ?? 'open',
      paid: money(judgements.at(-1)?.paid ?? 0n, currency),
      judgements: judgements.map((judgement) => judgementOnTheWire(judgement, currency)),
    })),
    cancelled: cancelled === null ? null : { ...cancelled, position: positionNumber(cancelled.position) },
    position: positionNumber(agreedBy.position),
  };
}

export function chasingOnTheWire(state: ChasingState): z.input<typeof chasingState> {
  return { paused: isWhollyPaused(state), pauses: state.pauses.map(pauseOnTheWire), resumed: state.resumed.map(pauseOnTheWire) };
}

function pauseOnTheWire({ cause, id, receivableIds, by, until, ended }: PausingFact) {
  return {
    cause,
    id,
    receivableIds: receivableIds === null ? null : [...receivableIds],
    by: { event: by.type, on: by.on, position: positionNumber(by.position) },
    until,
    ended: ended === null ? null : { event: ended.type, on: ended.on, position: positionNumber(ended.position), reason: ended.reason },
  };
}

const rateText = (ratio: Ratio | null): string | null => ratio?.toRate() ?? null;

export function keepRateOnTheWire(keepRate: KeepRate): z.input<typeof keepRateView> {
  const { rate, lowest, highest, amounts, ...counts } = keepRate;
  return {
    ...counts,
    rate: rateText(rate),
    lowest: rateText(lowest),
    highest: rateText(highest),
    amounts: amounts.map(({ currency, promised, paid, rate: share }) => ({
      promised: money(promised, currency),
      paid: money(paid, currency),
      rate: rateText(share),
    })),
  };
}

export function summaryOnTheWire(summary: CaseSummary): z.input<typeof collectionsSummary> {
  return {
    openPromises: summary.openPromises.map(({ promiseId: id, amount, currency, dueOn }) => ({
      id,
      amount: money(amount, currency),
      dueOn,
    })),
    brokenPromises: summary.brokenPromises.map(({ promiseId: id, amount, paid, currency, dueOn, position }) => ({
      id,
      amount: money(amount, currency),
      paid: money(paid, currency),
      dueOn,
      position: positionNumber(position),
    })),
    openDisputes: summary.openDisputes.map(({ disputeId: id, amount, currency, position }) => ({
      id,
      amount: money(amount, currency),
      position: positionNumber(position),
    })),
    runningPlans: [...summary.runningPlans],
    keepRate: keepRateOnTheWire(summary.keepRate),
    chasing: chasingOnTheWire(summary.chasing),
    nextContactOn: summary.nextContactOn,
  };
}
