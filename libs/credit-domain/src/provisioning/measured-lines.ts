import { Decimal } from '../values';
import { allowanceOn, clampToGross } from './allowance';
import { coveredAllowance, coveredRate, integralCoverOf, type Cover } from './credit-enhancement';
import { bucketLabel, collectiveLineKey, ratesAt, stagedLineKey, type ProvisionMeasure, type RatesAt } from './measure';
import { byCodeUnit } from './order';
import type {
  CollectiveCell,
  CollectiveLine,
  KindMatrix,
  KindMeasure,
  KindStages,
  MeasuredRates,
  ProvisionInput,
  StagedLine,
} from './provision';
import { comparePools, lineAmounts, measureOf, notNegative } from './run-lines';
import { spreadOverUnits, type LineUnit, type UnitGross } from './spread';
import { placementOf, stageOf } from './stages';

/** The cells that make up one line. */
interface LineGroup {
  readonly cell: CollectiveCell;
  readonly measure: KindMeasure;
  /** null = pooled. */
  readonly cover: Cover | null;
  readonly rates: RatesAt;
  gross: bigint;
  insured: bigint;
  readonly units: Map<string, UnitGross>;
}

export interface MeasuredLines {
  readonly collective: readonly CollectiveLine[];
  readonly staged: readonly StagedLine[];
  readonly units: readonly LineUnit[];
}

/**
 * Lines of what is not assessed individually. A pool of a matrix has one line for every bucket, empty ones included, so that a printed
 * matrix has no holes; stages and covered debtors have lines where they have gross.
 */
export function measuredLines(input: ProvisionInput, measure: ProvisionMeasure): MeasuredLines {
  const groups = [...groupsOf(input, measure).values()].sort((a, b) => compareGroups(input, a, b));
  const collective: CollectiveLine[] = [];
  const staged: StagedLine[] = [];
  const units: LineUnit[] = [];
  for (const group of groups) {
    const { entityId, kind, segment, currency } = group.cell;
    const what = bucketLabel(group.measure, group.cell.bucket);
    notNegative(group.gross, group.cell, what);
    const measured = { ...ratesOf(group), ...lineAmounts(input, currency, group.gross, allowanceOf(group)) };
    if (group.measure.approach === 'matrix') {
      const line = { entityId, kind, segment, bucket: what, ...measured };
      collective.push(line);
      if (group.gross !== 0n) units.push(...unitsOf(group, collectiveLineKey(line), line, null));
    } else {
      const stage = stageOf(group.measure, { ...group.cell, debtorId: group.cell.debtorId ?? null });
      const line = { entityId, kind, class: group.cell.class, segment, stage, ...measured };
      staged.push(line);
      units.push(...unitsOf(group, stagedLineKey(line), line, stage));
    }
  }
  return { collective, staged, units };
}

function groupsOf(input: ProvisionInput, measure: ProvisionMeasure): Map<string, LineGroup> {
  const groups = new Map<string, LineGroup>();
  const group = (cell: CollectiveCell, kind: KindMeasure, cover: Cover | null): LineGroup | null => {
    const key = groupKey(cell, kind, cover);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const rates = ratesAt(kind, cell, input.asOf);
    if (rates === null) return null;
    const made: LineGroup = { cell, measure: kind, cover, rates, gross: 0n, insured: 0n, units: new Map<string, UnitGross>() };
    groups.set(key, made);
    return made;
  };
  for (const cell of input.collective) {
    if (cell.amount === 0n) continue;
    const kind = measureOf(input, cell.kind);
    const enhancement = integralCoverOf(measure.enhancements, cell);
    const cover = enhancement === null ? null : (measure.covers.get(enhancement.enhancementId) ?? null);
    if (kind.approach === 'matrix' && cover === null) openBuckets(cell, kind, group);
    const found = group(cell, kind, cover);
    if (found === null) throw new Error(`Kind '${cell.kind}' has gross without a rate after the rates were checked.`);
    found.gross += cell.amount;
    found.insured += cover?.byCell.get(cell) ?? 0n;
    const unitKey = JSON.stringify([cell.class, cell.related]);
    const gross = (found.units.get(unitKey)?.gross ?? 0n) + cell.amount;
    found.units.set(unitKey, { class: cell.class, related: cell.related, gross });
  }
  return groups;
}

/** Every bucket of the pool that has a rate gets its line. */
function openBuckets(
  cell: CollectiveCell,
  matrix: KindMatrix,
  open: (cell: CollectiveCell, kind: KindMeasure, cover: null) => LineGroup | null,
): void {
  matrix.bucketLabels.forEach((_, bucket) => {
    open({ ...cell, bucket }, matrix, null);
  });
}

function groupKey(cell: CollectiveCell, measure: KindMeasure, cover: Cover | null): string {
  const debtorId = cover === null ? null : (cell.debtorId ?? null);
  if (measure.approach === 'matrix') return collectiveLineKey({ ...cell, debtorId, bucket: bucketLabel(measure, cell.bucket) });
  return stagedLineKey({ ...cell, debtorId, stage: stageOf(measure, { ...cell, debtorId: cell.debtorId ?? null }) });
}

function compareGroups(input: ProvisionInput, a: LineGroup, b: LineGroup): number {
  const debtor = ({ cover, cell }: LineGroup): string => (cover === null ? '' : (cell.debtorId ?? ''));
  const className = ({ measure, cell }: LineGroup): string => (measure.approach === 'stages' ? cell.class : '');
  const place = ({ measure, cell }: LineGroup): number =>
    measure.approach === 'stages' ? stageOf(measure, { ...cell, debtorId: cell.debtorId ?? null }) : cell.bucket;
  return (
    comparePools(input, a.cell, b.cell) || byCodeUnit(className(a), className(b)) || byCodeUnit(debtor(a), debtor(b)) || place(a) - place(b)
  );
}

function allowanceOf({ gross, insured, rates, cover }: LineGroup): bigint {
  if (cover === null) return allowanceOn(gross, rates.rate);
  return clampToGross(coveredAllowance(gross, insured, rates.rate, cover.retained), gross);
}

function ratesOf({ cell, cover, rates, gross, insured }: LineGroup): MeasuredRates {
  if (cover === null) {
    return { baseRate: rates.baseRate, uncoveredRate: rates.rate, rate: rates.rate, enhancementId: null, debtorId: null, insured: 0n };
  }
  const left = coveredRate(rates.rate, new Decimal(insured.toString()), new Decimal(gross.toString()), cover.retained);
  return {
    baseRate: rates.baseRate,
    uncoveredRate: rates.rate,
    rate: left,
    enhancementId: cover.enhancement.enhancementId,
    debtorId: cell.debtorId ?? null,
    insured,
  };
}

function unitsOf(
  { cell, units }: LineGroup,
  lineKey: string,
  line: CollectiveLine | StagedLine,
  stage: StagedLine['stage'] | null,
): LineUnit[] {
  const { entityId, kind, segment } = cell;
  return spreadOverUnits(line, [...units.values()]).map((unit) => ({
    ...unit,
    ...{ lineKey, side: stage === null ? 'collective' : 'staged', stage, entityId, kind, segment, overlays: new Map<string, bigint>() },
  }));
}

/** Pools whose placement holds a claim below what its days past due say are told: the assignment has no effect on them. */
export function assignmentsBelowDaysPastDue(input: ProvisionInput, isStaged: (kind: string) => KindStages | null): string[] {
  const found = new Set<string>();
  for (const cell of input.collective) {
    const measure = isStaged(cell.kind);
    if (measure === null || cell.amount === 0n || cell.debtorId === null || cell.debtorId === undefined) continue;
    const placement = placementOf(measure.placements, { debtorId: cell.debtorId, entityId: cell.entityId });
    if (placement?.cause === 'assigned' && placement.assignmentId !== null && placement.stage < cell.bucket + 1)
      found.add(placement.assignmentId);
  }
  return [...found].sort(byCodeUnit);
}
