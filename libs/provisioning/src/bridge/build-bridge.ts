import {
  BridgeFold,
  bridgeReceivable,
  claimAt,
  outstandingAt,
  rollGrossForward,
  shareOf,
  twoFactorView,
  type BridgeEnd,
  type BridgeSubject,
  type DebtorHistory,
  type FoldedBridge,
  type FoldedGross,
  type PointOfView,
  type ReceivableBridge,
  type ReceivableHistory,
  type TwoFactorCell,
  type TwoFactorView,
} from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { ReadDebtorHistoriesQuery, walkHistories } from '@app/receivables';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { BridgePoint } from './bridge-point';
import { MeasuredView, underScenariosOf } from './policy-view';
import { FigureSpread } from './spread-figures';

/** Before the first day any receivable can have, and before the first event. */
const BEFORE_EVERYTHING: PointOfView = { asOf: '0001-01-01', position: 0n };
/** Receivables worked on before other requests get their turn. */
const RECEIVABLES_PER_TURN = 2_000;

export interface BuiltBridge {
  readonly allowance: FoldedBridge;
  readonly gross: FoldedGross;
  readonly twoFactor: TwoFactorView;
  /** signed, by entity, kind: money received in the period on what had been written off, at the closing rate. */
  readonly recoveries: readonly Recovery[];
}

export interface Recovery {
  readonly entityId: string;
  readonly kind: string;
  readonly amount: bigint;
}

/** Sees every receivable with its bridge; keeps of it what it wants. */
export type BridgeWitness = (subject: BridgeSubject, bridge: ReceivableBridge) => void;

/** One end as single receivables are asked of it. */
interface End {
  readonly at: PointOfView;
  readonly point: BridgePoint | null;
  readonly view: MeasuredView | null;
  readonly figures: FigureSpread;
}

/**
 * Explains the movement between two ends receivable by receivable. The histories are walked twice, page by page: once to spread the recorded
 * figures, once to explain them. Kept in memory are some sixty bytes a receivable and the facts of the debtors.
 */
@Injectable()
export class BridgeBuilder {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  /** Throws when the legs do not lead from the recorded opening to the recorded closing. */
  async build(tenantId: number, from: BridgePoint | null, to: BridgePoint, witness?: BridgeWitness): Promise<BuiltBridge> {
    const [opening, closing] = [endOf(from), endOf(to)];
    const { view } = closing;
    if (view === null) throw new Error('A bridge has a closing.');
    const rerated = new MeasuredView({ ...to, measure: from === null ? to.measure : underScenariosOf(to.measure, from.measure) });
    const position = opening.at.position > to.position ? opening.at.position : to.position;
    const debtors = await this.debtorsAt(tenantId, position);
    const walk = (): AsyncGenerator<readonly ReceivableHistory[]> => inTurns(walkHistories(this.queries, tenantId, { position }));

    for await (const histories of walk()) {
      for (const history of histories) for (const end of [opening, closing]) collect(end, history, debtorOf(debtors, history));
    }
    opening.figures.spread();
    closing.figures.spread();

    const fold = new BridgeFold();
    const recoveries = new Map<string, Recovery>();
    let index = 0;
    for await (const histories of walk()) {
      for (const history of histories) {
        const [before, after] = [opening.figures.at(index), closing.figures.at(index)];
        const subject: BridgeSubject = {
          history,
          debtor: debtorOf(debtors, history),
          opening: { ...bridgeEnd(opening, history), allowance: before.allowance, overlay: before.overlay },
          closing: { ...bridgeEnd(closing, history), policies: view, allowance: after.allowance, overlay: after.overlay },
          rerated,
        };
        const bridge = bridgeReceivable(subject);
        const gross = { opening: before.gross, closing: after.gross };
        fold.add(bridge, { opening: before.allowance + before.overlay, closing: after.allowance + after.overlay });
        fold.addGross(rollGrossForward(subject, bridge, gross), bridge, gross);
        addRecovery(recoveries, subject, bridge);
        witness?.(subject, bridge);
        index += 1;
      }
    }
    const built = {
      allowance: fold.allowanceBridge(),
      gross: fold.grossRollForward(),
      twoFactor: twoFactorView(from === null ? [] : matrixCells(from), matrixCells(to)),
      recoveries: [...recoveries.values()].filter(({ amount }) => amount !== 0n),
    };
    assertTotals(built, from, to);
    return built;
  }

  private async debtorsAt(tenantId: number, position: bigint): Promise<Map<bigint, DebtorHistory>> {
    const histories = await this.queries.execute(new ReadDebtorHistoriesQuery(tenantId, { position }));
    return new Map(histories.map((debtor) => [debtor.debtorNo, debtor]));
  }
}

function endOf(point: BridgePoint | null): End {
  return {
    at: point === null ? BEFORE_EVERYTHING : { asOf: point.asOf, position: point.position },
    point,
    view: point === null ? null : new MeasuredView(point),
    figures: new FigureSpread(point?.calculated.units ?? []),
  };
}

function collect({ at, view, figures }: End, history: ReceivableHistory, debtor: DebtorHistory): void {
  const claim = view === null ? null : claimAt(history, debtor, at);
  if (claim === null || view === null) {
    figures.collect(0n, nothing, nothing);
    return;
  }
  const owed = view.holds(claim) ? outstandingAt(history, at) : 0n;
  figures.collect(
    owed,
    () => view.lineGroupOf(claim),
    () => {
      const lineKey = view.lineOf(claim);
      return lineKey === null ? null : { lineKey, class: claim.class, related: claim.relatedParty };
    },
  );
}

function nothing(): never {
  throw new Error('Nothing is owed, so no line is asked for.');
}

function bridgeEnd({ at, point, view }: End, { currency }: ReceivableHistory): Pick<BridgeEnd, 'at' | 'policies' | 'exchange'> {
  return { at, policies: view, exchange: point?.exchangeOf(currency) ?? null };
}

function debtorOf(debtors: ReadonlyMap<bigint, DebtorHistory>, { debtorNo, receivableId }: ReceivableHistory): DebtorHistory {
  const debtor = debtors.get(debtorNo);
  if (debtor === undefined) throw new Error(`Receivable '${receivableId}' has no debtor.`);
  return debtor;
}

/** Lets other requests in while a big book is worked through. */
async function* inTurns(pages: AsyncGenerator<readonly ReceivableHistory[]>): AsyncGenerator<readonly ReceivableHistory[]> {
  for await (const page of pages) {
    for (let first = 0; first < page.length; first += RECEIVABLES_PER_TURN) {
      yield page.slice(first, first + RECEIVABLES_PER_TURN);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function addRecovery(recoveries: Map<string, Recovery>, { opening, closing }: BridgeSubject, bridge: ReceivableBridge): void {
  const recovered = bridge.flows?.recovered ?? 0n;
  const cell = bridge.closing ?? bridge.opening;
  if (recovered === 0n || cell === null) return;
  const rate = closing.exchange ?? opening.exchange;
  if (rate === null) throw new Refusal('fx-rate-missing', 'Money recovered in the period is in a currency without an exchange rate.');
  const { entityId, kind } = cell;
  const key = `${entityId}\n${kind}`;
  recoveries.set(key, { entityId, kind, amount: (recoveries.get(key)?.amount ?? 0n) + shareOf(recovered, rate) });
}

function matrixCells({ calculated: { output } }: BridgePoint): TwoFactorCell[] {
  const schemes = new Map(output.inputs.matrices.map(({ kind, scheme }) => [kind, scheme]));
  return output.collective.map(({ entityId, kind, segment, currency, bucket, presentationGross, presentationAllowance }) => ({
    ...{ entityId, kind, segment, currency, bucket, scheme: schemes.get(kind) ?? '' },
    gross: BigInt(presentationGross),
    allowance: BigInt(presentationAllowance),
  }));
}

function assertTotals({ allowance, gross }: BuiltBridge, from: BridgePoint | null, to: BridgePoint): void {
  const recorded = (point: BridgePoint | null, of: 'allowance' | 'gross'): bigint => BigInt(point?.calculated.output.total[of] ?? '0');
  if (allowance.opening !== recorded(from, 'allowance') || allowance.closing !== recorded(to, 'allowance')) {
    throw new Error(
      `The bridge leads from ${String(allowance.opening)} to ${String(allowance.closing)}, the runs recorded ` +
        `${String(recorded(from, 'allowance'))} and ${String(recorded(to, 'allowance'))}.`,
    );
  }
  if (gross.opening !== recorded(from, 'gross') || gross.closing !== recorded(to, 'gross')) {
    throw new Error(
      `The gross roll-forward leads from ${String(gross.opening)} to ${String(gross.closing)}, the runs recorded ` +
        `${String(recorded(from, 'gross'))} and ${String(recorded(to, 'gross'))}.`,
    );
  }
}
