import {
  assessmentInForce,
  bucketOf,
  claimAt,
  collectiveLineKey,
  individualLineKey,
  lineOfClaim,
  localDate,
  measureOfKind,
  outstandingAt,
  spreadOverReceivables,
  stagedLineKey,
  stagesScheme,
  type AgeingScheme,
  type BridgeClaim,
  type DebtorHistory,
  type KindMeasure,
  type PointOfView,
  type ReceivableGross,
  type ReceivableHistory,
} from '@app/credit-domain';
import type { Position } from '@app/event-store';
import { ReadDebtorHistoriesQuery, ResolveSchemeQuery, walkHistories } from '@app/receivables';
import type { QueryBus } from '@nestjs/cqrs';
import type { CalculatedProvision } from '../calculate/calculate-provision';

/** What turns money into money received: a bounced payment or a refund takes it back. */
const CASH: ReadonlySet<string> = new Set(['payment', 'payment_reversal', 'refund']);

/** A receivable that was owed at the run. Amounts in minor units of `currency`, presentation amounts of the run's. */
export interface OpenItem {
  readonly receivableId: string;
  readonly debtorId: string;
  readonly documentNo: string;
  readonly entityId: string;
  readonly kind: string;
  readonly class: string;
  readonly segment: string;
  readonly relatedParty: boolean;
  readonly currency: string;
  readonly recognisedOn: string;
  readonly invoicedOn: string;
  readonly dueOn: string | null;
  readonly side: 'collective' | 'staged' | 'individual';
  /** of the scheme the kind was measured by; null for what was assessed individually or by stages. */
  readonly bucket: string | null;
  readonly stage: number | null;
  readonly gross: bigint;
  /** its part of the run line it belongs to. */
  readonly allowance: bigint;
  readonly presentationGross: bigint;
  readonly presentationAllowance: bigint;
  /** money received on it after the as-of date, as known now. */
  readonly cashAfter: bigint;
  /** day of the last of it. */
  readonly lastCashOn: string | null;
}

interface Line {
  readonly allowance: bigint;
  readonly presentationGross: bigint;
  readonly presentationAllowance: bigint;
}

interface Spread {
  readonly allowance: ReadonlyMap<bigint, bigint>;
  readonly presentationGross: ReadonlyMap<bigint, bigint>;
  readonly presentationAllowance: ReadonlyMap<bigint, bigint>;
}

/** An item as far as choosing a sample needs it. */
interface WeighedItem {
  readonly receivableNo: bigint;
  readonly receivableId: string;
  readonly presentationGross: bigint;
}

/**
 * The open items of a run and each one's part of the allowance. The parts of a line come from all its receivables together, so the book is
 * walked twice: once for what is in each line, once to hand the items out. Between the two it keeps some numbers an open item.
 */
export class OpenItems {
  private constructor(
    private readonly queries: QueryBus,
    private readonly tenantId: number,
    private readonly at: PointOfView,
    private readonly knownNow: Position,
    private readonly placing: Placing,
    private readonly spreads: ReadonlyMap<string, Spread>,
    /** in the order in which they came into the log. */
    readonly weighed: readonly WeighedItem[],
  ) {}

  static async read(
    queries: QueryBus,
    at: PointOfView & { readonly tenantId: number; readonly knownNow: Position },
    calculated: CalculatedProvision,
  ): Promise<OpenItems> {
    const { tenantId, asOf, position, knownNow } = at;
    const view = { asOf, position };
    const placing = await Placing.read(queries, tenantId, view, calculated);
    const members = new Map<string, ReceivableGross[]>();
    const ids: { receivableNo: bigint; receivableId: string; lineKey: string }[] = [];
    for await (const page of walkHistories(queries, tenantId, { position })) {
      for (const history of page) {
        const gross = outstandingAt(history, view);
        const placed = gross === 0n ? null : placing.of(history);
        if (placed === null) continue;
        const { lineKey, claim } = placed;
        const member = { receivableNo: history.receivableNo, class: claim.class, related: claim.relatedParty, gross };
        const line = members.get(lineKey);
        if (line === undefined) members.set(lineKey, [member]);
        else line.push(member);
        ids.push({ receivableNo: history.receivableNo, receivableId: history.receivableId, lineKey });
      }
    }
    const spreads = new Map([...members].map(([lineKey, receivables]) => [lineKey, spreadOf(lineKey, placing.line(lineKey), receivables)]));
    const weighed = ids.map(({ receivableNo, receivableId, lineKey }) => ({
      ...{ receivableNo, receivableId },
      presentationGross: spreads.get(lineKey)?.presentationGross.get(receivableNo) ?? 0n,
    }));
    return new OpenItems(queries, tenantId, view, knownNow, placing, spreads, weighed);
  }

  /** The items, or those named, page by page. */
  async *pages(receivableIds?: readonly string[]): AsyncGenerator<OpenItem[]> {
    if (receivableIds?.length === 0) return;
    for await (const page of walkHistories(this.queries, this.tenantId, { position: this.knownNow, receivableIds })) {
      const items = page.flatMap((history) => this.itemOf(history) ?? []);
      if (items.length > 0) yield items;
    }
  }

  private itemOf(history: ReceivableHistory): OpenItem | null {
    const gross = outstandingAt(history, this.at);
    const placed = gross === 0n ? null : this.placing.of(history);
    if (placed === null) return null;
    const { claim, lineKey, side, bucket, stage } = placed;
    const spread = this.spreads.get(lineKey);
    const part = (of: keyof Spread): bigint => spread?.[of].get(history.receivableNo) ?? 0n;
    const cash = history.steps.filter(({ type, effectiveOn }) => CASH.has(type) && effectiveOn > this.at.asOf);
    return {
      ...{ receivableId: history.receivableId, debtorId: history.debtorId, documentNo: history.documentNo },
      ...{ entityId: claim.entityId, kind: claim.kind, class: claim.class, segment: claim.segment, relatedParty: claim.relatedParty },
      ...{ currency: claim.currency, recognisedOn: claim.recognisedOn, invoicedOn: claim.invoicedOn, dueOn: claim.dueOn },
      ...{ side, bucket, stage, gross },
      ...{
        allowance: part('allowance'),
        presentationGross: part('presentationGross'),
        presentationAllowance: part('presentationAllowance'),
      },
      cashAfter: cash.reduce((sum, step) => sum - step.gross + step.recovered, 0n),
      lastCashOn: cash.reduce<string | null>((last, { effectiveOn }) => (last === null || effectiveOn > last ? effectiveOn : last), null),
    };
  }
}

interface RunLine extends Line {
  readonly side: OpenItem['side'];
  readonly bucket: string | null;
  readonly stage: number | null;
}

interface Placed {
  readonly claim: BridgeClaim;
  readonly lineKey: string;
  readonly side: OpenItem['side'];
  readonly bucket: string | null;
  readonly stage: number | null;
}

/** Says of a receivable which line of the run it belongs to. */
class Placing {
  private constructor(
    private readonly at: PointOfView,
    private readonly calculated: CalculatedProvision,
    private readonly debtors: ReadonlyMap<string, DebtorHistory>,
    private readonly schemes: ReadonlyMap<string, AgeingScheme>,
    private readonly lines: ReadonlyMap<string, RunLine>,
  ) {}

  static async read(queries: QueryBus, tenantId: number, at: PointOfView, calculated: CalculatedProvision): Promise<Placing> {
    const debtors = await queries.execute(new ReadDebtorHistoriesQuery(tenantId, { position: at.position }));
    const schemes = new Map<string, AgeingScheme>();
    for (const measure of calculated.measure.measures) schemes.set(measure.kind, await schemeOf(queries, tenantId, at, measure));
    return new Placing(at, calculated, new Map(debtors.map((debtor) => [debtor.debtorId, debtor])), schemes, linesOf(calculated));
  }

  line(lineKey: string): Line {
    const line = this.lines.get(lineKey);
    if (line === undefined) throw new Error(`The run has no line ${lineKey}, but receivables that belong to it.`);
    return line;
  }

  /** Null for what the run did not measure. */
  of(history: ReceivableHistory): Placed | null {
    const debtor = this.debtors.get(history.debtorId);
    const claim = debtor === undefined ? null : claimAt(history, debtor, this.at);
    const scheme = claim === null ? undefined : this.schemes.get(claim.kind);
    if (claim === null || scheme === undefined || measureOfKind(this.calculated.measure, claim.kind) === null) return null;
    const { asOf } = this.at;
    const bucket = bucketOf(scheme, localDate(asOf), localDate(anchorOf(claim, scheme)));
    const assessed = assessmentInForce(this.calculated.input.assessments, { ...claim, asOf }) !== null;
    const lineKey = lineOfClaim(this.calculated.measure, { ...claim, assessed, bucket });
    const line = lineKey === null ? undefined : this.lines.get(lineKey);
    // Kinds left out of the run have a measure and no lines.
    return lineKey === null || line === undefined ? null : { claim, lineKey, side: line.side, bucket: line.bucket, stage: line.stage };
  }
}

async function schemeOf(queries: QueryBus, tenantId: number, { position }: PointOfView, measure: KindMeasure): Promise<AgeingScheme> {
  if (measure.approach === 'stages') return stagesScheme(measure.policy);
  return queries.execute(new ResolveSchemeQuery(tenantId, measure.scheme, position));
}

/** A claim without a due date is never past due. */
function anchorOf(claim: BridgeClaim, { basis }: AgeingScheme): string {
  if (basis === 'recognition') return claim.recognisedOn;
  return basis === 'invoice' ? claim.invoicedOn : (claim.dueOn ?? '2199-12-31');
}

function linesOf({ output }: CalculatedProvision): Map<string, RunLine> {
  const amounts = (line: { allowance: string; presentationGross: string; presentationAllowance: string }): Line => ({
    allowance: BigInt(line.allowance),
    presentationGross: BigInt(line.presentationGross),
    presentationAllowance: BigInt(line.presentationAllowance),
  });
  const lines = new Map<string, RunLine>();
  for (const line of output.collective) {
    lines.set(collectiveLineKey(line), { ...amounts(line), side: 'collective', bucket: line.bucket, stage: null });
  }
  for (const line of output.staged) lines.set(stagedLineKey(line), { ...amounts(line), side: 'staged', bucket: null, stage: line.stage });
  for (const line of output.individual)
    lines.set(individualLineKey(line), { ...amounts(line), side: 'individual', bucket: null, stage: null });
  return lines;
}

function spreadOf(lineKey: string, line: Line, receivables: readonly ReceivableGross[]): Spread {
  const parts = {
    allowance: spreadOverReceivables(line.allowance, receivables),
    presentationGross: spreadOverReceivables(line.presentationGross, receivables),
    presentationAllowance: spreadOverReceivables(line.presentationAllowance, receivables),
  };
  for (const name of ['allowance', 'presentationGross', 'presentationAllowance'] as const) {
    const sum = [...parts[name].values()].reduce((total, each) => total + each, 0n);
    if (sum !== line[name])
      throw new Error(`The receivables of line ${lineKey} add up to ${String(sum)}, the line to ${String(line[name])}.`);
  }
  return parts;
}
