import { Decimal, largestRemainder, roundHalfUp } from '../values';
import { isEffective } from './in-force';
import { byCodeUnit } from './order';
import type { ApprovedOverlay, Overlay } from './policies';
import type { OverlayLine, ProvisionInput, ProvisionWarning } from './provision';
import { inPresentation } from './run-lines';
import type { LineUnit } from './spread';

/**
 * Signed adjustments beside the model, never part of a rate. An overlay covers what the model measures: pooled and staged exposure of its
 * kind, entity, class and segment, not individual assessments. It is translated at the closing rate and spread over its scope by gross;
 * model and overlays of the scope, and those of the kind, are together held between 0 and the exposure. Overlays are applied one after
 * the other: by effective date, then by approval.
 */
export interface AppliedOverlays {
  readonly lines: readonly OverlayLine[];
  readonly units: readonly LineUnit[];
  readonly warnings: readonly ProvisionWarning[];
}

export function overlaysInForce(input: Pick<ProvisionInput, 'overlays' | 'asOf' | 'measures'>): ApprovedOverlay[] {
  const kinds = input.measures.map(({ kind }) => kind);
  return input.overlays
    .filter((overlay) => kinds.includes(overlay.kind) && isEffective(overlay, input.asOf, overlay.expiresOn))
    .sort(
      (a, b) =>
        byCodeUnit(a.effectiveOn, b.effectiveOn) ||
        (a.approvedAt < b.approvedAt ? -1 : a.approvedAt > b.approvedAt ? 1 : byCodeUnit(a.overlayId, b.overlayId)),
    );
}

/** Whether an overlay speaks of a claim. */
export function isInOverlayScope(
  overlay: Pick<Overlay, 'kind' | 'entityId' | 'class' | 'segment'>,
  claim: Pick<LineUnit, 'side' | 'kind' | 'entityId' | 'class' | 'segment'>,
): boolean {
  return (
    claim.side !== 'individual' &&
    overlay.kind === claim.kind &&
    (overlay.entityId === null || overlay.entityId === claim.entityId) &&
    (overlay.class === null || overlay.class === claim.class) &&
    (overlay.segment === null || overlay.segment === claim.segment)
  );
}

/** Throws when a closing rate is missing after the rates were checked. */
export function applyOverlays(input: ProvisionInput, units: readonly LineUnit[]): AppliedOverlays {
  let current = units;
  const lines: OverlayLine[] = [];
  const warnings: ProvisionWarning[] = [];
  for (const overlay of overlaysInForce(input)) {
    const scope = current.filter((unit) => isInOverlayScope(overlay, unit));
    const wholeKind = current.filter(({ side, kind }) => side !== 'individual' && kind === overlay.kind);
    const exposure = sumOf(scope, ({ presentationGross }) => presentationGross);
    const wanted = exposure === 0n ? 0n : inPresentation(input, overlay.currency, overlay.amount);
    const applied = held(wanted, [scope, wholeKind]);
    if (exposure === 0n) warnings.push(withoutExposure(overlay));
    else if (applied !== wanted) warnings.push(clamped(overlay, exposure));
    lines.push(overlayLine(overlay, wanted, applied, exposure));
    current = spreadOverlay(current, overlay, applied);
  }
  return { lines, units: current, warnings };
}

/** The amount, held so that the allowance of each group stays within 0 and its exposure; it never turns its sign. */
function held(amount: bigint, groups: readonly (readonly LineUnit[])[]): bigint {
  let [lowest, highest] = [amount < 0n ? amount : 0n, amount > 0n ? amount : 0n];
  for (const units of groups) {
    const allowance = sumOf(units, allowanceWithOverlays);
    const room = sumOf(units, ({ presentationGross }) => presentationGross) - allowance;
    if (lowest < -allowance) lowest = allowance > 0n ? -allowance : 0n;
    if (highest > room) highest = room > 0n ? room : 0n;
  }
  return amount < 0n ? lowest : highest;
}

function spreadOverlay(units: readonly LineUnit[], overlay: ApprovedOverlay, amount: bigint): LineUnit[] {
  const isIn = units.map((unit) => isInOverlayScope(overlay, unit));
  const parts =
    amount === 0n
      ? []
      : largestRemainder(
          amount,
          units.map((unit, index) => (isIn[index] === true ? unit.presentationGross : 0n)),
        );
  return units.map((unit, index) =>
    isIn[index] === true ? { ...unit, overlays: new Map([...unit.overlays, [overlay.overlayId, parts[index] ?? 0n]]) } : unit,
  );
}

/** Signed sum of the overlays on a unit, in the presentation currency. */
export function overlaysOn({ overlays }: Pick<LineUnit, 'overlays'>): bigint {
  return [...overlays.values()].reduce((sum, amount) => sum + amount, 0n);
}

function allowanceWithOverlays(unit: LineUnit): bigint {
  return unit.presentationAllowance + overlaysOn(unit);
}

function sumOf(units: readonly LineUnit[], of: (unit: LineUnit) => bigint): bigint {
  return units.reduce((sum, unit) => sum + of(unit), 0n);
}

function overlayLine(overlay: ApprovedOverlay, wanted: bigint, applied: bigint, presentationGross: bigint): OverlayLine {
  const { overlayId, kind, entityId, class: className, segment, currency, amount, reason } = overlay;
  return {
    ...{ overlayId, kind, entityId, class: className, segment, currency, reason, presentationGross },
    approvedAmount: amount,
    amount: applied === wanted && wanted !== 0n ? amount : inOwnCurrency(amount, wanted, applied),
    presentationAmount: applied,
  };
}

/** The applied part of the approved amount; of an overlay too small for the presentation currency nothing was applied. */
function inOwnCurrency(amount: bigint, wanted: bigint, applied: bigint): bigint {
  if (wanted === 0n) return 0n;
  return roundHalfUp(new Decimal(amount.toString()).times(applied.toString()).div(wanted.toString()));
}

function withoutExposure({ overlayId, kind }: ApprovedOverlay): ProvisionWarning {
  return {
    code: 'overlay-without-exposure',
    detail: `Overlay '${overlayId}' on kind '${kind}' finds no exposure in its scope and adds nothing.`,
  };
}

function clamped({ overlayId, kind }: ApprovedOverlay, exposure: bigint): ProvisionWarning {
  return {
    code: 'overlay-clamped',
    detail: `Overlay '${overlayId}' on kind '${kind}' was held so that the allowance stays between 0 and the exposure of ${String(exposure)} minor units.`,
  };
}
