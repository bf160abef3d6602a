import type { AgeingScheme, Fraction, FxRate, ProvisionInput } from '@app/credit-domain';
import { allowsGeneralApproach, builtInScheme, findRate, localDate, minorUnitRate, parseLocalDate } from '@app/credit-domain';
import type { EventStore, Position } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { NO_CURRENCY, ReadFxRatesQuery, ResolveSchemeQuery } from '@app/receivables';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CalculatedProvision } from '../calculate/calculate-provision';
import type { ProvisionRequest } from '../calculate/gather-input';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { placeOf } from '../policy/refusal-places';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type CompletedRun } from '../provision-runs/provision-run.fold';
import { individualCoverageOf, type MeasuredEnd } from './policy-view';

/** What is meant as a date is refused as one; no run has such an id. */
const DATE_FORM = /^\d{4}-\d{2}-\d{2}$/;

/** One end of a bridge as it is asked for: the id of a run, or a date with what was known of it. */
export interface PointRequest {
  /** id of a completed run, or a business date. */
  readonly ref: string;
  /** of a date; null = now. A run has its own. */
  readonly knownAt: string | null;
}

/** One end of a bridge with everything a receivable of it is measured by. */
export interface BridgePoint extends MeasuredEnd {
  /** null = a date computed for this bridge. */
  readonly runId: string | null;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
  readonly calculated: CalculatedProvision;
  /** presentation minor units for one minor unit of a currency; null when no rate was known. */
  readonly exchangeOf: (currency: string) => Fraction | null;
}

/** One end, found and not measured yet. */
export interface BridgeStand {
  readonly runId: string | null;
  readonly asOf: string;
  readonly knownAt: string;
  readonly position: Position;
  readonly request: ProvisionRequest;
  readonly run: CompletedRun | null;
}

export interface BridgeStands {
  readonly from: BridgeStand | null;
  readonly to: BridgeStand;
}

/** Finds the two ends of a bridge and measures them, each at its own date and position. */
@Injectable()
export class BridgePoints {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  /**
   * What the ends are, without measuring them: the cheap part, which says whether there is a bridge at all. An opening that is null is the
   * time before anything was provided for. Refused `provision-run-not-found`, `provision-run-not-completed`, `bridge-currency-differs`,
   * `bridge-kinds-differ`, `bridge-dates-reversed`.
   */
  async stands(tenantId: number, from: PointRequest | null, to: PointRequest): Promise<BridgeStands> {
    const opening = from === null ? null : await this.stand(tenantId, from, 'from');
    const closing = await this.stand(tenantId, to, 'to');
    if (opening !== null && opening.asOf > closing.asOf) {
      throw new Refusal('bridge-dates-reversed', `A bridge leads forward: ${opening.asOf} is after ${closing.asOf}.`, [placeOf('from')]);
    }
    if (opening?.run != null && closing.run !== null) assertComparable(opening.run, closing.run);
    // A date is measured as the run on the other side was.
    const request = closing.run === null && opening?.run != null ? requestOf(opening.run) : closing.request;
    return {
      from: opening === null || opening.run !== null ? opening : { ...opening, request },
      to: closing.run !== null ? closing : { ...closing, request },
    };
  }

  /** Measures both ends. Refused as a provision of that date is. */
  async measured(tenantId: number, { from, to }: BridgeStands): Promise<{ readonly from: BridgePoint | null; readonly to: BridgePoint }> {
    const closing = await this.measure(tenantId, to);
    if (from === null) return { from: null, to: closing };
    const request = { ...from.request, currency: from.request.currency ?? closing.calculated.output.currency };
    const opening = await this.measure(tenantId, { ...from, request });
    return { from: await this.withKindsOf(tenantId, opening, request, closing), to: closing };
  }

  private async stand(tenantId: number, { ref, knownAt }: PointRequest, field: string): Promise<BridgeStand> {
    if (parseLocalDate(ref) !== undefined) {
      const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, knownAt ?? undefined));
      const request = { kinds: null, scheme: null, currency: null };
      return { runId: null, asOf: ref, knownAt: known.knownAt, position: known.position, request, run: null };
    }
    if (DATE_FORM.test(ref)) throw new Refusal('date-invalid', `'${ref}' is no day of the calendar.`, [placeOf(field)]);
    const run = foldProvisionRun(await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, PROVISION_RUN_CATEGORY, ref)));
    if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${ref}'.`, [placeOf(field)]);
    if (run.status !== 'completed') {
      throw new Refusal('provision-run-not-completed', `Provision run '${ref}' is ${run.status}; a bridge stands on completed runs.`, [
        placeOf(field),
      ]);
    }
    const { asOf, knownAt: runKnownAt, position } = run.request;
    return { runId: ref, asOf, knownAt: runKnownAt, position: BigInt(position), request: requestOf(run), run };
  }

  private async measure(tenantId: number, { run, request, ...stand }: BridgeStand): Promise<BridgePoint> {
    const { asOf, position } = stand;
    const measured = await this.calculator.measured({ tenantId, asOf, position }, request);
    if (!measured.ok) {
      if (run !== null) throw new Error(`Run '${run.request.runId}' cannot be computed any more: ${measured.problem.detail}`);
      throw new Refusal(measured.problem.code, measured.problem.detail);
    }
    const calculated = measured.value;
    assertAsRecorded(run, calculated);
    const { measure, output, input } = calculated;
    return {
      ...stand,
      ...{ calculated, measure },
      assessments: input.assessments,
      individualCoverage: individualCoverageOf(output.individual),
      schemes: await this.schemesOf(tenantId, position, calculated),
      kinds: request.kinds,
      kindsLeftOut: new Set(request.kinds === null ? unmeasuredKinds(calculated) : []),
      exchangeOf: exchangeFrom(await this.queries.execute(new ReadFxRatesQuery(tenantId, { asOf, position })), input),
    };
  }

  /** Kinds that only came later: the rates the opening had for them, though it had nothing of them. */
  private async withKindsOf(tenantId: number, opening: BridgePoint, request: ProvisionRequest, closing: BridgePoint): Promise<BridgePoint> {
    const known = new Set(opening.measure.measures.map(({ kind }) => kind));
    const kinds = closing.measure.measures.map(({ kind }) => kind).filter((kind) => !known.has(kind));
    if (kinds.length === 0) return opening;
    const { asOf, position } = opening;
    const measured = await this.calculator.measured({ tenantId, asOf, position }, { ...request, kinds });
    if (!measured.ok) return opening;
    const schemes = await this.schemesOf(tenantId, position, measured.value);
    return {
      ...opening,
      measure: { ...opening.measure, measures: [...opening.measure.measures, ...measured.value.measure.measures] },
      schemes: new Map([...opening.schemes, ...schemes]),
    };
  }

  private async schemesOf(tenantId: number, position: Position, { measure }: CalculatedProvision): Promise<Map<string, AgeingScheme>> {
    const schemes = new Map<string, AgeingScheme>();
    for (const { approach, scheme } of measure.measures) {
      if (approach === 'stages' || schemes.has(scheme)) continue;
      schemes.set(scheme, builtInScheme(scheme) ?? (await this.queries.execute(new ResolveSchemeQuery(tenantId, scheme, position))));
    }
    return schemes;
  }
}

/** The closing rates of the run; of a currency it had nothing of, what it would have used. */
function exchangeFrom(rates: readonly FxRate[], { asOf, currency: presentation, closingRates }: ProvisionInput): BridgePoint['exchangeOf'] {
  const known = new Map<string, Fraction | null>([...closingRates].map(([currency, rate]) => [currency, minorUnitRate(rate)]));
  return (currency) => {
    let found = known.get(currency);
    if (found === undefined) {
      const rate = findRate(rates, currency, presentation, localDate(asOf));
      found = rate.ok ? minorUnitRate(rate.rate) : null;
      known.set(currency, found);
    }
    return found;
  };
}

/** A run over an empty book had no currency: nothing is nothing in whatever currency the other end has. */
function requestOf({ request, result }: CompletedRun): ProvisionRequest {
  return { kinds: request.kinds, scheme: request.scheme, currency: result.currency === NO_CURRENCY ? null : result.currency };
}

function assertComparable(from: CompletedRun, to: CompletedRun): void {
  if (from.result.currency !== NO_CURRENCY && from.result.currency !== to.result.currency) {
    throw new Refusal(
      'bridge-currency-differs',
      `The runs are presented in ${from.result.currency} and in ${to.result.currency}; their difference is in neither.`,
      [placeOf('to')],
    );
  }
  const kindsOf = ({ request }: CompletedRun): string => (request.kinds === null ? '*' : [...request.kinds].sort().join());
  if (kindsOf(from) !== kindsOf(to)) {
    throw new Refusal('bridge-kinds-differ', 'The runs were asked for different kinds; a movement needs the same kinds at both ends.', [
      placeOf('to'),
    ]);
  }
}

/** A recorded run that computes otherwise is a defect, never a figure: `verify` says where. */
function assertAsRecorded(run: CompletedRun | null, { output }: CalculatedProvision): void {
  if (run === null) return;
  const { total } = run.result;
  if (total.allowance === output.total.allowance && total.gross === output.total.gross) return;
  throw new Error(
    `Run '${run.request.runId}' recorded an allowance of ${total.allowance} and computes to ${output.total.allowance}: verify it first.`,
  );
}

function unmeasuredKinds({ measure }: CalculatedProvision): string[] {
  return measure.measures
    .filter((each) => each.approach === 'matrix' && each.lossRateSet === null && allowsGeneralApproach(each.kind))
    .map(({ kind }) => kind);
}
