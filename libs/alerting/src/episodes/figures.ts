import type { FigureUnit, MeasuredEvaluation } from '@app/credit-domain';
import { Ratio } from '@app/credit-domain';
import type { JsonObject } from '@app/event-store';
import type { z } from 'zod';
import type { AlertFiguresData, AlertPendingData, alertPendingData } from '../events';

/** The figures of an evaluation as events hold them. */
export function figuresOf(evaluation: MeasuredEvaluation): AlertFiguresData {
  const { movement, baseAsOf, cause, inputs, bridges, part } = evaluation;
  return {
    baseAsOf,
    before: movement.before?.toDecimal() ?? null,
    after: movement.after.toDecimal(),
    change: movement.change?.toDecimal() ?? null,
    cause,
    inputs: inputs as JsonObject,
    bridges: bridges.map((bridge) => ({
      ...bridge,
      opening: exact(bridge.opening),
      legs: bridge.legs.map((leg) => ({ cause: leg.cause, amount: exact(leg.amount) })),
      closing: exact(bridge.closing),
    })),
    part:
      part === null
        ? null
        : {
            ...part,
            kinds: part.kinds === null ? null : [...part.kinds],
            aged: part.aged === null ? null : { ...part.aged, buckets: [...part.aged.buckets] },
          },
  };
}

/** The evaluation behind figures that were recorded; ratios to the 18 decimals events keep, bridges exact. */
export function evaluationOf(
  of: { readonly labels: Readonly<Record<string, string>>; readonly asOf: string; readonly unit: FigureUnit; readonly subject: string },
  figures: AlertFiguresData,
): MeasuredEvaluation {
  return {
    labels: of.labels,
    asOf: of.asOf,
    baseAsOf: figures.baseAsOf,
    reason: 'at-or-above-enter',
    movement: {
      unit: of.unit,
      before: figures.before === null ? null : Ratio.parse(figures.before),
      after: Ratio.parse(figures.after),
      change: figures.change === null ? null : Ratio.parse(figures.change),
    },
    subject: of.subject,
    cause: figures.cause,
    inputs: figures.inputs,
    bridges: figures.bridges.map((bridge) => ({
      ...bridge,
      opening: ratioOf(bridge.opening),
      legs: bridge.legs.map((leg) => ({ cause: leg.cause, amount: ratioOf(leg.amount) })),
      closing: ratioOf(bridge.closing),
    })),
    part: figures.part,
  };
}

/** Of events from before alerts were explained, the parts are missing. */
export function recordedFigures(data: Recorded): AlertFiguresData {
  const { baseAsOf, before, after, change, cause, inputs, bridges = [], part = null } = data;
  return { baseAsOf, before, after, change, cause, inputs, bridges, part };
}
type Recorded = Pick<AlertPendingData, 'baseAsOf' | 'before' | 'after' | 'change' | 'cause' | 'inputs'> &
  Partial<Pick<z.output<typeof alertPendingData>, 'bridges' | 'part'>>;

function exact(ratio: Ratio): string {
  const { numerator, denominator } = ratio.reduced();
  return denominator === 1n ? String(numerator) : `${String(numerator)}/${String(denominator)}`;
}

function ratioOf(text: string): Ratio {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return Ratio.of(BigInt(numerator), BigInt(denominator));
}
