import type { AgeLimit, CloseRuleDefinition, MoneyFloor } from '@app/credit-domain';
import { formatAmount, parseAmount, Ratio } from '@app/credit-domain';
import type { z } from 'zod';
import type { closeRules } from './close-rules.schemas';

type SentRule = z.output<(typeof closeRules)[number]>;
type ShownRule = z.input<(typeof closeRules)[number]>;
type SentLimit = { months: number } | { years: number } | { days: number };

/** Between the two thresholds an alert neither fires nor recovers, so that a figure about the one does not make it flap. */
const EXIT_SHARE = Ratio.of(4n, 5n);
const TOP_DEBTORS_DEFAULT = 5;

/** From what a client sends to what the feature takes. */
export function closeRuleOf(sent: SentRule): CloseRuleDefinition {
  const shift = {
    base: sent.base,
    enter: sent.enter,
    exit: sent.exit ?? Ratio.parse(sent.enter).times(EXIT_SHARE).toRate(),
    kinds: sent.kinds ?? null,
    segment: sent.segment ?? null,
  };
  switch (sent.type) {
    case 'ageing-share-shift':
      return { type: sent.type, scheme: sent.scheme, olderThan: limitOf(sent.olderThan), assessed: sent.assessed, ...shift };
    case 'coverage-shift': {
      const materiality = sent.materiality ?? null;
      return { type: sent.type, assessed: sent.assessed, materiality, ...floorsOf(sent), ...shift };
    }
    case 'loss-rate-shift':
      return { type: sent.type, bucket: sent.bucket ?? null, materiality: sent.materiality, ...floorsOf(sent), ...shift };
    case 'ageing-mix-shift': {
      const { type, scheme, assessed, confidence, minimumDebtors } = sent;
      return { type, scheme, assessed, confidence, minimumDebtors, ...shift };
    }
    case 'roll-rate-drift':
      return { type: sent.type, scheme: sent.scheme, assessed: sent.assessed, bucket: sent.bucket ?? null, ...shift };
    case 'allowance-jump':
      return { type: sent.type, assessed: sent.assessed, materialityAmount: floorOf(sent.materialityAmount), ...shift };
    case 'concentration': {
      const count = sent.measure === 'top-debtors' ? (sent.count ?? TOP_DEBTORS_DEFAULT) : 1;
      return { type: sent.type, measure: sent.measure, count, ...shift };
    }
  }
}

/** And back. */
export function shownCloseRule(definition: CloseRuleDefinition): ShownRule {
  const { enter, exit, kinds, segment } = definition;
  const scope = {
    enter,
    exit,
    ...(kinds !== null && { kinds: kinds as NonNullable<ShownRule['kinds']> }),
    ...(segment !== null && { segment }),
  };
  const shift = { base: definition.base, ...scope };
  switch (definition.type) {
    case 'ageing-share-shift': {
      const { type, scheme, assessed } = definition;
      return { type, scheme, olderThan: shownLimit(definition.olderThan), assessed, ...shift };
    }
    case 'coverage-shift': {
      const { type, assessed, materiality } = definition;
      return { type, assessed, ...(materiality != null && { materiality }), ...shownFloors(definition), ...shift };
    }
    case 'loss-rate-shift': {
      const { type, bucket, materiality } = definition;
      return { type, materiality, ...(bucket !== null && { bucket }), ...shownFloors(definition), ...shift };
    }
    case 'ageing-mix-shift': {
      const { type, scheme, assessed, confidence, minimumDebtors } = definition;
      return { type, scheme, assessed, confidence, minimumDebtors, ...shift };
    }
    case 'roll-rate-drift': {
      const { type, scheme, assessed, bucket, base } = definition;
      const rolledFrom = base === 'last-sealed-run' ? 'previous-close' : base;
      return { type, scheme, assessed, ...(bucket !== null && { bucket }), ...scope, base: rolledFrom };
    }
    case 'allowance-jump': {
      const { type, assessed, materialityAmount } = definition;
      return { type, assessed, ...(materialityAmount !== null && { materialityAmount: shownFloor(materialityAmount) }), ...shift };
    }
    case 'concentration': {
      const { type, measure, count } = definition;
      return { type, measure, ...(measure === 'top-debtors' && { count }), ...shift };
    }
  }
}

interface SentFloors {
  readonly enterRelative?: string | undefined;
  readonly materialityAmount?: { readonly amount: string; readonly currency: string } | undefined;
  readonly minimumDebtors?: number | undefined;
}
interface StoredFloors {
  readonly enterRelative?: string | null | undefined;
  readonly materialityAmount?: MoneyFloor | null | undefined;
  readonly minimumDebtors?: number | undefined;
}

/** Only what was sent: a rule without floors is stored as rules always were. */
function floorsOf({ enterRelative, materialityAmount, minimumDebtors }: SentFloors): StoredFloors {
  return {
    ...(enterRelative !== undefined && { enterRelative }),
    ...(materialityAmount !== undefined && { materialityAmount: floorOf(materialityAmount) }),
    ...(minimumDebtors !== undefined && { minimumDebtors }),
  };
}

function shownFloors({ enterRelative, materialityAmount, minimumDebtors }: StoredFloors): {
  enterRelative?: string;
  materialityAmount?: { amount: string; currency: string };
  minimumDebtors?: number;
} {
  return {
    ...(enterRelative != null && { enterRelative }),
    ...(materialityAmount != null && { materialityAmount: shownFloor(materialityAmount) }),
    ...(minimumDebtors !== undefined && { minimumDebtors }),
  };
}

/** The edge has read it before, so it is an amount. */
function floorOf(sent: SentFloors['materialityAmount']): MoneyFloor | null {
  if (sent === undefined) return null;
  const parsed = parseAmount(sent.amount, sent.currency);
  return parsed.ok ? { minor: parsed.minor.toString(), currency: sent.currency } : null;
}

function shownFloor({ minor, currency }: MoneyFloor): { amount: string; currency: string } {
  return { amount: formatAmount(BigInt(minor), currency), currency };
}

function limitOf(sent: SentLimit): AgeLimit {
  if ('months' in sent) return { unit: 'months', count: sent.months };
  return 'years' in sent ? { unit: 'years', count: sent.years } : { unit: 'days', count: sent.days };
}

function shownLimit({ unit, count }: AgeLimit): SentLimit {
  if (unit === 'months') return { months: count };
  return unit === 'years' ? { years: count } : { days: count };
}
