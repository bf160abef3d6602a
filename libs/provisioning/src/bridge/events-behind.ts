import {
  bridgeFlowOf,
  claimAt,
  integralCoverOf,
  isInPeriod,
  measureOfKind,
  type BridgeCause,
  type BridgeClaim,
  type BridgeSubject,
  type KindMeasure,
  type PointOfView,
} from '@app/credit-domain';
import type { BridgePoint } from './bridge-point';
import { MeasuredView } from './policy-view';

/** A fact or a decision behind a leg. `position` leads to its event in the log where there is one. */
export interface EventBehind {
  readonly type:
    | 'receivable'
    | 'movement'
    | 'classification'
    | 'debtor'
    | 'loss-rate-set'
    | 'staging-policy'
    | 'forward-looking-set'
    | 'overlay'
    | 'credit-enhancement'
    | 'assessment'
    | 'exchange-rate';
  readonly id: string;
  readonly effectiveOn: string;
  readonly position: bigint | null;
}

interface Dated {
  readonly effectiveOn: string;
  readonly position: bigint;
}

/** Names what happened behind a leg of one receivable: movements, changes of what it or its debtor is taken for, and policies of both ends. */
export class EventsBehind {
  private readonly views: readonly (MeasuredView | null)[];

  constructor(
    private readonly from: BridgePoint | null,
    private readonly to: BridgePoint,
  ) {
    this.views = [from === null ? null : new MeasuredView(from), new MeasuredView(to)];
  }

  of(cause: BridgeCause, subject: BridgeSubject): EventBehind[] {
    const { opening, closing, history } = subject;
    switch (cause) {
      case 'late-known':
        return factsOf(subject, (fact) => isLate(fact, opening.at, closing.at));
      case 'write-offs':
      case 'write-off-shortfall':
        return movementsOf(subject, ['writeOffs']);
      case 'disposals':
        return movementsOf(subject, ['disposals']);
      case 'credit-notes-and-adjustments':
        return movementsOf(subject, ['adjustments']);
      case 'cash':
        return movementsOf(subject, ['cash']);
      case 'reclassifications':
        return changesOf(subject, (fact) => isInPeriodOf(fact, opening.at, closing.at));
      case 'ageing':
      case 'new-receivables':
      case 'unexplained':
        return [{ type: 'receivable', id: history.receivableId, effectiveOn: history.recognisedOn, position: history.position }];
      case 'collective-to-individual':
      case 'individual-remeasurement':
      case 'unwind':
        return this.atBothEnds(subject, (point, claim, view) => assessmentOf(point, claim, view));
      case 'scheme-change':
      case 'rate-change':
        return this.atBothEnds(subject, (point, claim) => [...ratesOf(measureOfKind(point.measure, claim.kind)), ...coverOf(point, claim)]);
      case 'scenario-change':
        return this.atBothEnds(subject, (point, { kind }) => scenariosOf(measureOfKind(point.measure, kind)));
      case 'overlays':
        return this.atBothEnds(subject, overlaysOf);
      case 'exchange':
        return this.atBothEnds(subject, (point, { currency }) => {
          const id = `${currency}/${point.calculated.output.currency}`;
          return [{ type: 'exchange-rate', id, effectiveOn: point.asOf, position: null }];
        });
    }
  }

  private atBothEnds(
    { history, debtor, opening, closing }: BridgeSubject,
    of: (point: BridgePoint, claim: BridgeClaim, view: MeasuredView | null) => readonly EventBehind[],
  ): EventBehind[] {
    const found = new Map<string, EventBehind>();
    [this.from, this.to].forEach((point, end) => {
      const claim = point === null ? null : claimAt(history, debtor, end === 0 ? opening.at : closing.at);
      if (point === null || claim === null) return;
      for (const event of of(point, claim, this.views[end] ?? null))
        found.set(JSON.stringify([event.type, event.id, event.effectiveOn]), event);
    });
    return [...found.values()];
  }
}

function isLate(fact: Dated, opening: PointOfView, closing: PointOfView): boolean {
  const isKnown = (at: PointOfView): boolean => fact.position <= at.position;
  return fact.effectiveOn <= opening.asOf && isKnown(opening) !== isKnown(closing);
}

function isInPeriodOf(fact: Dated, opening: PointOfView, closing: PointOfView): boolean {
  return fact.effectiveOn > opening.asOf && fact.effectiveOn <= closing.asOf && fact.position <= closing.position;
}

function factsOf(subject: BridgeSubject, wanted: (fact: Dated) => boolean): EventBehind[] {
  const { history } = subject;
  const recognition = { effectiveOn: history.recognisedOn, position: history.position };
  return [
    ...(wanted(recognition) ? [{ type: 'receivable' as const, id: history.receivableId, ...recognition }] : []),
    ...history.steps
      .filter(wanted)
      .map(({ movementId, effectiveOn, position }) => ({ type: 'movement' as const, id: movementId, effectiveOn, position })),
    ...changesOf(subject, wanted),
  ];
}

function changesOf({ history, debtor }: BridgeSubject, wanted: (fact: Dated) => boolean): EventBehind[] {
  const [, ...later] = history.classifications;
  return [
    ...later
      .filter(wanted)
      .map(({ effectiveOn, position }) => ({ type: 'classification' as const, id: history.receivableId, effectiveOn, position })),
    ...debtor.facts
      .filter(wanted)
      .map(({ effectiveOn, position }) => ({ type: 'debtor' as const, id: debtor.debtorId, effectiveOn, position })),
  ];
}

function movementsOf({ history, opening, closing }: BridgeSubject, flows: readonly string[]): EventBehind[] {
  return history.steps
    .filter((step) => step.gross !== 0n && isInPeriod(step, opening.at, closing.at) && flows.includes(bridgeFlowOf(step)))
    .map(({ movementId, effectiveOn, position }) => ({ type: 'movement', id: movementId, effectiveOn, position }));
}

function assessmentOf(_point: BridgePoint, claim: BridgeClaim, view: MeasuredView | null): EventBehind[] {
  const found = view?.assessmentFor(claim) ?? null;
  return found === null ? [] : [{ type: 'assessment', id: found.assessmentId, effectiveOn: found.effectiveOn, position: found.approvedAt }];
}

function ratesOf(measure: KindMeasure | null): EventBehind[] {
  if (measure === null) return [];
  if (measure.approach === 'stages') {
    const { policyId, effectiveOn } = measure.policy;
    return [{ type: 'staging-policy', id: policyId, effectiveOn, position: approvalOf(measure.policy) }];
  }
  const { lossRateSet } = measure;
  if (lossRateSet === null) return [];
  return [{ type: 'loss-rate-set', id: lossRateSet.setId, effectiveOn: lossRateSet.effectiveOn, position: approvalOf(lossRateSet) }];
}

/** Integral cover lowers the rate of the debtor it covers, so its coming and going is a change of rate. */
function coverOf({ measure }: BridgePoint, claim: BridgeClaim): EventBehind[] {
  const cover = integralCoverOf(measure.enhancements, claim);
  if (cover === null) return [];
  return [{ type: 'credit-enhancement', id: cover.enhancementId, effectiveOn: cover.effectiveOn, position: cover.approvedAt }];
}

function scenariosOf(measure: KindMeasure | null): EventBehind[] {
  const set = measure?.forwardLooking ?? null;
  return set === null ? [] : [{ type: 'forward-looking-set', id: set.setId, effectiveOn: set.effectiveOn, position: approvalOf(set) }];
}

function overlaysOf(point: BridgePoint, { kind }: BridgeClaim): EventBehind[] {
  const applied = new Set(point.calculated.output.overlays.filter((line) => line.kind === kind).map(({ overlayId }) => overlayId));
  return point.calculated.input.overlays
    .filter(({ overlayId }) => applied.has(overlayId))
    .map(({ overlayId, effectiveOn, approvedAt }) => ({ type: 'overlay', id: overlayId, effectiveOn, position: approvedAt }));
}

/** The measure names policies without their approval; the approved ones of the book carry it along. */
function approvalOf(policy: object): bigint | null {
  return 'approvedAt' in policy && typeof policy.approvedAt === 'bigint' ? policy.approvedAt : null;
}
