import type { AgeingScheme, ApprovedLossRateSet, BackTestFigures, LocalDate, LossRateSet, ReceivableHistory } from '@app/credit-domain';
import {
  anchorThresholds,
  backTest,
  bucketByThresholds,
  lossRateSetInForce,
  localDate,
  outstandingAt,
  rateFor,
  Ratio,
  stepsWithin,
} from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { GetPresentationCurrencyQuery, ResolveSchemeQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ProvisionCalculator } from '../calculate/provision-calculator';
import { readPolicies } from '../policy/approvable.fold';
import { lossRateSets } from '../policy/loss-rate-set.fold';
import { placeOf } from '../policy/refusal-places';
import { BackTestLossRatesQuery, type BackTestLine, type LossRateBackTest } from './back-test.query';
import { anchorOf, BookHistories, type PoolFilter, type PoolMember } from './book-histories';

/** A set of rates with the scheme its buckets belong to, standing on one date. */
interface Matrix {
  readonly set: LossRateSet;
  readonly scheme: AgeingScheme;
  readonly thresholds: readonly LocalDate[];
}

interface LineSums {
  readonly segment: string;
  readonly bucket: string;
  readonly rate: string;
  readonly currency: string;
  gross: bigint;
  writtenOff: bigint;
  recovered: bigint;
  unclassified: bigint;
  stillOpen: bigint;
  receivables: number;
  /** open balances at the later date by the rate they need then: rounded once each. */
  readonly openByRate: Map<string, bigint>;
}

interface Cohort {
  readonly book: BookHistories;
  readonly filter: PoolFilter;
  readonly then: Matrix;
  readonly later: Matrix;
  readonly asOf: string;
  readonly at: string;
  readonly individualRates: ReadonlyMap<string, string>;
}

@QueryHandler(BackTestLossRatesQuery)
export class BackTestLossRatesHandler implements IQueryHandler<BackTestLossRatesQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ProvisionCalculator) private readonly calculator: ProvisionCalculator,
  ) {}

  async execute({ tenantId, request }: BackTestLossRatesQuery): Promise<LossRateBackTest> {
    const { setId, at } = request;
    const known = await this.store.database.read(tenantId, (tx) => this.store.resolveKnownAt(tx, request.knownAt));
    const states = await this.store.database.read(tenantId, (tx) => readPolicies(this.store, tx, lossRateSets, known.position));
    const set = states.find(({ content }) => content.setId === setId)?.content;
    if (set === undefined) throw new Refusal('loss-rate-set-not-found', `There is no loss-rate set '${setId}'.`);
    const asOf = request.asOf ?? set.effectiveOn;
    if (at < asOf) throw new Refusal('evidence-window-invalid', `${at} is before ${asOf}: nothing can have come yet.`, [placeOf('at')]);
    const currency = await this.queries.execute(new GetPresentationCurrencyQuery(tenantId, request.currency, known.position));
    const book = await BookHistories.open(this.store, this.queries, tenantId, known.position);
    const inForce = lossRateSetInForce(book.policy.lossRateSets, { kind: set.kind, asOf: at });
    const cohort: Cohort = {
      ...{ book, asOf, at },
      filter: { kinds: [set.kind], entityId: null, segment: null, assessed: 'collective' },
      then: await this.matrixOf(book, set, asOf),
      later: await this.matrixOf(book, inForce ?? set, at),
      individualRates: await this.individualRates(book, set.kind, at),
    };
    const sums = await sumCohort(cohort);
    const translate = await book.translation(asOf, currency);
    const labels = cohort.then.scheme.buckets.map(({ label }) => label);
    const lines = linesOf(sums, translate, labels);
    return {
      ...{ asOf, at, ...known, currency, setId, kind: set.kind, scheme: set.scheme, lines, total: totalOf(lines) },
      warnings: warningsOf(lines, inForce),
    };
  }

  private async matrixOf({ tenantId, position }: BookHistories, set: LossRateSet, asOf: string): Promise<Matrix> {
    const scheme = await this.queries.execute(new ResolveSchemeQuery(tenantId, set.scheme, position));
    return { set, scheme, thresholds: anchorThresholds(scheme, localDate(asOf)) };
  }

  /** Loss rates of debtors measured alone at the later date, by debtor and entity. */
  private async individualRates({ tenantId, position, policy }: BookHistories, kind: string, at: string): Promise<Map<string, string>> {
    if (policy.assessments.length === 0) return new Map();
    const measured = await this.calculator.provision({ tenantId, asOf: at, position }, { kinds: [kind], scheme: null, currency: null });
    if (!measured.ok) return new Map();
    return new Map(measured.value.output.individual.map(({ debtorId, entityId, rate }) => [individualKey(debtorId, entityId), rate]));
  }
}

const individualKey = (debtorId: string, entityId: string): string => JSON.stringify([debtorId, entityId]);

async function sumCohort(cohort: Cohort): Promise<LineSums[]> {
  const { book, filter, asOf } = cohort;
  const sums = new Map<string, LineSums>();
  for await (const page of book.walk()) {
    for (const history of page) {
      const member = book.memberAt(history, filter, asOf);
      if (member === null) continue;
      const gross = outstandingAt(history, { asOf, position: book.position });
      if (gross > 0n) addToLine(cohort, lineOf(cohort, sums, history, member), history, gross);
    }
  }
  return [...sums.values()];
}

function lineOf(cohort: Cohort, sums: Map<string, LineSums>, history: ReceivableHistory, member: PoolMember): LineSums {
  const { bucket, rate } = rateIn(cohort.then, history, member);
  const key = JSON.stringify([member.segment, bucket, history.currency]);
  const line = sums.get(key) ?? {
    ...{ segment: member.segment, bucket, rate, currency: history.currency, gross: 0n, writtenOff: 0n, recovered: 0n, unclassified: 0n },
    ...{ stillOpen: 0n, receivables: 0, openByRate: new Map<string, bigint>() },
  };
  sums.set(key, line);
  return line;
}

function addToLine(cohort: Cohort, line: LineSums, history: ReceivableHistory, gross: bigint): void {
  const { book, asOf, at } = cohort;
  line.gross += gross;
  line.receivables += 1;
  for (const step of stepsWithin(history, { from: asOf, to: at }, book.position)) {
    if (step.type === 'write_off') line.writtenOff -= step.gross;
    if (step.type === 'unclassified') line.unclassified -= step.gross;
    line.recovered += step.recovered;
  }
  const open = outstandingAt(history, { asOf: at, position: book.position });
  if (open === 0n) return;
  line.stillOpen += open;
  const rate = rateLater(cohort, history);
  line.openByRate.set(rate, (line.openByRate.get(rate) ?? 0n) + open);
}

/** The rate a claim needs at the later date: its debtor's own where it is measured alone, else that of the matrix. */
function rateLater({ book, filter, later, at, individualRates }: Cohort, history: ReceivableHistory): string {
  const member = book.memberAt(history, { ...filter, assessed: 'all' }, at);
  // Under another kind by then: measured elsewhere, and the rates of this matrix are the nearest there are.
  const standing = member ?? book.memberAt(history, { ...filter, assessed: 'all' }, history.recognisedOn);
  if (standing === null) return '0';
  const assessment = book.assessmentAt(history, standing.classification, at);
  if (assessment === null) return rateIn(later, history, standing).rate;
  const own = individualRates.get(individualKey(history.debtorId, standing.classification.entityId)) ?? assessment.lossRate;
  return own ?? rateIn(later, history, standing).rate;
}

function rateIn(
  { set, scheme, thresholds }: Matrix,
  history: ReceivableHistory,
  { classification, segment }: PoolMember,
): { bucket: string; rate: string } {
  const anchor = anchorOf(history, classification, scheme.basis);
  const bucket = scheme.buckets[anchor === null ? 0 : bucketByThresholds(thresholds, anchor)]?.label ?? '';
  const rate = rateFor(set.rates, segment, bucket);
  if (rate === null) throw new Refusal('loss-rate-missing', `Set '${set.setId}' has no rate for '${bucket}' of segment '${segment}'.`);
  return { bucket, rate };
}

/** Allowances are rounded once per line and currency, then translated; the parts of a line make up its total. */
function linesOf(
  sums: readonly LineSums[],
  translate: (minor: bigint, currency: string) => bigint,
  labels: readonly string[],
): BackTestLine[] {
  const lines = new Map<string, Omit<BackTestLine, 'came' | 'shortfall' | 'ratio'>>();
  for (const sum of sums) {
    const needed = [...sum.openByRate].reduce((total, [rate, open]) => total + Ratio.parse(rate).shareOf(open), 0n);
    const inCurrency = (minor: bigint): bigint => translate(minor, sum.currency);
    const key = JSON.stringify([sum.segment, sum.bucket]);
    const before = lines.get(key);
    lines.set(key, {
      ...{ segment: sum.segment, bucket: sum.bucket, rate: sum.rate, receivables: (before?.receivables ?? 0) + sum.receivables },
      gross: (before?.gross ?? 0n) + inCurrency(sum.gross),
      given: (before?.given ?? 0n) + inCurrency(Ratio.parse(sum.rate).shareOf(sum.gross)),
      writtenOff: (before?.writtenOff ?? 0n) + inCurrency(sum.writtenOff),
      recovered: (before?.recovered ?? 0n) + inCurrency(sum.recovered),
      unclassified: (before?.unclassified ?? 0n) + inCurrency(sum.unclassified),
      stillOpen: (before?.stillOpen ?? 0n) + inCurrency(sum.stillOpen),
      stillNeeded: (before?.stillNeeded ?? 0n) + inCurrency(needed),
    });
  }
  return [...lines.values()]
    .map((line) => ({ ...line, ...backTest(line) }))
    .sort((left, right) =>
      left.segment === right.segment ? labels.indexOf(left.bucket) - labels.indexOf(right.bucket) : left.segment < right.segment ? -1 : 1,
    );
}

function totalOf(lines: readonly BackTestLine[]): LossRateBackTest['total'] {
  const sum = (amountOf: (line: BackTestLine) => bigint): bigint => lines.reduce((total, line) => total + amountOf(line), 0n);
  const figures: BackTestFigures = {
    given: sum(({ given }) => given),
    writtenOff: sum(({ writtenOff }) => writtenOff),
    recovered: sum(({ recovered }) => recovered),
    stillNeeded: sum(({ stillNeeded }) => stillNeeded),
  };
  return {
    ...backTest(figures),
    gross: sum(({ gross }) => gross),
    unclassified: sum(({ unclassified }) => unclassified),
    stillOpen: sum(({ stillOpen }) => stillOpen),
    receivables: lines.reduce((total, line) => total + line.receivables, 0),
  };
}

function warningsOf(lines: readonly BackTestLine[], inForce: ApprovedLossRateSet | null): LossRateBackTest['warnings'] {
  const warnings: LossRateBackTest['warnings'][number][] = [];
  if (lines.length === 0) warnings.push({ code: 'sample-empty', detail: 'No collective claim of the kind was open on asOf.' });
  if (inForce === null) {
    warnings.push({
      code: 'rates-of-the-set-itself',
      detail: 'No approved set is in force at the later date; what is open is measured by the tested set.',
    });
  }
  if (lines.some(({ unclassified }) => unclassified > 0n)) {
    warnings.push({
      code: 'unclassified-settlements',
      detail: 'Some claims were settled in a way nobody has classified; they count neither as lost nor as needed.',
    });
  }
  return warnings;
}
