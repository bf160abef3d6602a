import type { ProvisionFiguresData } from '@app/provisioning';
import { amountOf, figuresOf } from './figures-on-the-wire';

interface StoredAmounts {
  readonly currency: string;
  readonly gross: string;
  readonly allowance: string;
  readonly presentationGross: string;
  readonly presentationAllowance: string;
}

interface StoredRates {
  readonly rate: string;
  readonly baseRate: string | null;
  readonly uncoveredRate: string | null;
  readonly enhancementId: string | null;
  readonly debtorId: string | null;
  readonly insured: string;
  readonly currency: string;
}

/** Figures as the log holds them, as figures on the wire. */
export function resultOnTheWire(result: ProvisionFiguresData) {
  const { currency, inputs, warnings } = result;
  const money = (minor: string) => amountOf(minor, currency);
  return {
    ...{ currency, inputs, warnings },
    collective: result.collective.map((line) => ({
      ...{ entityId: line.entityId, kind: line.kind, segment: line.segment, bucket: line.bucket },
      ...ratesOnTheWire(line),
      ...amountsOnTheWire(line, currency),
    })),
    staged: result.staged.map((line) => ({
      ...{ entityId: line.entityId, kind: line.kind, class: line.class, segment: line.segment, stage: line.stage },
      ...ratesOnTheWire(line),
      ...amountsOnTheWire(line, currency),
    })),
    individual: result.individual.map((line) => ({
      ...{ debtorId: line.debtorId, entityId: line.entityId, kind: line.kind, segment: line.segment, rate: line.rate },
      ...amountsOnTheWire(line, currency),
      matrixAllowance: line.matrixAllowance === null ? null : amountOf(line.matrixAllowance, line.currency),
      ...{ assessmentId: line.assessmentId, reason: line.reason, evidence: line.evidence },
      ...{ reviewDue: line.reviewDue, warnings: line.warnings },
    })),
    individualAgeing: result.individualAgeing.map((age) => ({
      ...age,
      gross: amountOf(age.gross, age.currency),
      presentationGross: money(age.presentationGross),
    })),
    overlays: result.overlays.map(({ currency: own, ...line }) => ({
      ...line,
      approvedAmount: amountOf(line.approvedAmount, own),
      amount: amountOf(line.amount, own),
      presentationAmount: money(line.presentationAmount),
      presentationGross: money(line.presentationGross),
    })),
    reimbursements: result.reimbursements.map(({ currency: own, ...line }) => ({
      ...line,
      gross: amountOf(line.gross, own),
      insured: amountOf(line.insured, own),
      amount: amountOf(line.amount, own),
      presentationAmount: money(line.presentationAmount),
    })),
    shares: result.shares.map((share) => ({
      ...{ entityId: share.entityId, kind: share.kind, class: share.class, related: share.related },
      ...{ side: share.side, stage: share.stage },
      ...amountsOnTheWire(share, currency),
      presentationOverlay: money(share.presentationOverlay),
    })),
    carryingByCurrency: result.carryingByCurrency.map((row) => ({
      ...{ kind: row.kind, currency: row.currency },
      ...{ gross: amountOf(row.gross, row.currency), allowance: amountOf(row.allowance, row.currency) },
      net: amountOf(BigInt(row.gross) - BigInt(row.allowance), row.currency),
      presentation: {
        ...{ gross: money(row.presentationGross), allowance: money(row.presentationAllowance), overlays: money(row.presentationOverlay) },
        net: amountOf(BigInt(row.presentationGross) - BigInt(row.presentationAllowance) - BigInt(row.presentationOverlay), currency),
      },
    })),
    totals: result.totals.map((total) => ({ kind: total.kind, ...figuresOf(total, currency) })),
    total: figuresOf(result.total, currency),
  };
}

function ratesOnTheWire({ rate, baseRate, uncoveredRate, enhancementId, debtorId, insured, currency }: StoredRates) {
  return { rate, baseRate, uncoveredRate, enhancementId, debtorId, insured: amountOf(insured, currency) };
}

function amountsOnTheWire(line: StoredAmounts, presentation: string) {
  return {
    currency: line.currency,
    gross: amountOf(line.gross, line.currency),
    allowance: amountOf(line.allowance, line.currency),
    presentation: { gross: amountOf(line.presentationGross, presentation), allowance: amountOf(line.presentationAllowance, presentation) },
  };
}
