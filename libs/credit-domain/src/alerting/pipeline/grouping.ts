import { Ratio } from '../../values/ratio';
import type { EvaluationInputs } from '../evaluation';
import type { AlertLabels } from '../rule-definition';

/** What of an alert that fires decides which group it is told in. */
export interface GroupingAlert {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleType: string;
  readonly labels: AlertLabels;
  readonly asOf: string;
  readonly inputs: EvaluationInputs;
}

export interface OpenGroup {
  readonly groupId: string;
  readonly ruleType: string;
  readonly labels: AlertLabels;
  readonly asOf: string;
}

/** The alerts of one rule on one period are one group: ten thousand segments are one message. */
export function groupKey({ ruleId, ruleVersion, asOf }: Pick<GroupingAlert, 'ruleId' | 'ruleVersion' | 'asOf'>): string {
  return `${ruleId}:${String(ruleVersion)}:${asOf}`;
}

const MIX_TYPES: ReadonlySet<string> = new Set(['ageing-share-shift', 'ageing-mix-shift']);

/** Rules on how the book is spread over its ages: what a coverage shift can be the consequence of. */
export function isMixRule(ruleType: string): boolean {
  return MIX_TYPES.has(ruleType);
}

/**
 * The group of the ageing alert that explains this one, or null: a coverage shift of which the mix of the book is the larger part is the same news
 * as the shift of the mix on the same period (policy "Measures").
 */
export function groupOfMix(alert: GroupingAlert, open: readonly OpenGroup[]): string | null {
  if (!isMovedByMix(alert)) return null;
  const mix = open.find(({ ruleType, labels, asOf }) => isMixRule(ruleType) && asOf === alert.asOf && sameScope(labels, alert.labels));
  return mix?.groupId ?? null;
}

/** A coverage shift of which the mix of the book is the larger part. */
export function isMovedByMix({ ruleType, inputs: { mixEffect, rateEffect } }: Pick<GroupingAlert, 'ruleType' | 'inputs'>): boolean {
  if (ruleType !== 'coverage-shift') return false;
  if (typeof mixEffect !== 'string' || typeof rateEffect !== 'string') return false;
  return Ratio.parse(mixEffect).absolute().compare(Ratio.parse(rateEffect).absolute()) > 0;
}

/** One may look at every kind, or at every segment, where the other names some: they still speak of the same balances. */
function sameScope(left: AlertLabels, right: AlertLabels): boolean {
  return ['kinds', 'segment'].every((name) => left[name] === undefined || right[name] === undefined || left[name] === right[name]);
}
