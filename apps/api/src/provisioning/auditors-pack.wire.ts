import { formatAmount, isCurrency } from '@app/credit-domain';
import type { AuditorsPack, OpenItem } from '@app/provisioning';
import type { z } from 'zod';
import { positionNumber } from '../http';
import { csvLine } from '@app/platform';
import type { auditorsPack } from './auditors-pack.schemas';
import { amountOf } from './figures-on-the-wire';

const COLUMNS = [
  ...['receivable_id', 'debtor_id', 'document_no', 'entity_id', 'kind', 'class', 'segment', 'related_party', 'currency'],
  ...['recognised_on', 'invoiced_on', 'due_on', 'side', 'bucket', 'stage', 'gross', 'allowance'],
  ...['presentation_currency', 'presentation_gross', 'presentation_allowance', 'cash_after', 'last_cash_on'],
];

/** The open items as CSV, a page a piece. Text cannot become a formula. */
export async function* openItemLines(pages: AsyncGenerator<OpenItem[]>, presentation: string): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const page of pages) yield page.map((item) => csvLine(cellsOf(item, presentation))).join('');
}

function cellsOf(item: OpenItem, presentation: string): string[] {
  const amount = (minor: bigint, currency: string): string => (isCurrency(currency) ? formatAmount(minor, currency) : minor.toString());
  const own = (minor: bigint): string => amount(minor, item.currency);
  return [
    ...[item.receivableId, item.debtorId, item.documentNo, item.entityId, item.kind, item.class, item.segment],
    ...[String(item.relatedParty), item.currency, item.recognisedOn, item.invoicedOn, item.dueOn ?? ''],
    ...[item.side, item.bucket ?? '', item.stage === null ? '' : String(item.stage), own(item.gross), own(item.allowance)],
    ...[presentation, amount(item.presentationGross, presentation), amount(item.presentationAllowance, presentation)],
    ...[own(item.cashAfter), item.lastCashOn ?? ''],
  ];
}

export function packOnTheWire(pack: AuditorsPack): z.input<typeof auditorsPack> {
  const { run, verification, sample, openItems } = pack;
  const { runId, asOf, knownAt, position } = run.request;
  const { currency, hash, inputs, total, individual } = run.result;
  const itemOf = (item: OpenItem) => itemOnTheWire(item, currency);
  return {
    ...{ runId, asOf, knownAt, position, lifecycle: run.lifecycle, hash, requestedBy: run.requestedBy, requestedAt: run.requestedAt },
    approval: run.approval === null ? null : { by: run.approval.by, at: run.approval.at },
    cashKnownAt: pack.knownNow.knownAt,
    verification: verification === null ? null : verificationOnTheWire(verification),
    total: { gross: amountOf(total.gross, currency), allowance: amountOf(total.allowance, currency) },
    tieOut: {
      openItems: openItems.count,
      openItemsGross: amountOf(openItems.presentationGross, currency),
      runGross: amountOf(total.gross, currency),
      difference: amountOf(openItems.presentationGross - BigInt(total.gross), currency),
    },
    controlTotals: pack.controlTotals.map(({ entityId, kind, account, explained, reason, ...row }) => ({
      ...{ entityId, kind, account, explained, reason },
      ...{ stated: amountOf(row.stated, row.currency), book: amountOf(row.book, row.currency) },
      difference: amountOf(row.difference, row.currency),
    })),
    individualAgainstMatrix: individual.map(({ debtorId, entityId, kind, reason, ...line }) => ({
      ...{
        debtorId,
        entityId,
        kind,
        reason,
        gross: amountOf(line.gross, line.currency),
        allowance: amountOf(line.allowance, line.currency),
      },
      matrixAllowance: line.matrixAllowance === null ? null : amountOf(line.matrixAllowance, line.currency),
      difference: line.matrixAllowance === null ? null : amountOf(BigInt(line.allowance) - BigInt(line.matrixAllowance), line.currency),
    })),
    inputs: { engineVersion: inputs.engineVersion, fxRates: inputs.fxRates, policies: pack.inputs.map((input) => ({ ...input })) },
    sample: {
      ...{ method: 'monetary-unit', seed: sample.seed, size: sample.size, population: amountOf(sample.population, currency) },
      ...{ interval: amountOf(sample.interval, currency), firstUnit: amountOf(sample.firstUnit, currency) },
      items: sample.items.map((item) => ({ ...itemOf(item), hits: item.hits, unit: amountOf(item.unit, currency) })),
    },
    openItems: openItems.first.map(itemOf),
    openItemsOmitted: openItems.count - openItems.first.length,
  };
}

function verificationOnTheWire({ alteredAt, position, ...found }: NonNullable<AuditorsPack['verification']>) {
  const place = alteredAt === null ? null : { ...alteredAt, position: positionNumber(alteredAt.position) };
  return { ...found, position: positionNumber(position), alteredAt: place };
}

function itemOnTheWire(item: OpenItem, presentation: string) {
  const { receivableId, debtorId, documentNo, entityId, kind, segment, relatedParty, recognisedOn, invoicedOn, dueOn } = item;
  return {
    ...{ receivableId, debtorId, documentNo, entityId, kind, class: item.class, segment, relatedParty, recognisedOn, invoicedOn, dueOn },
    ...{ side: item.side, bucket: item.bucket, stage: item.stage, lastCashOn: item.lastCashOn },
    ...{ gross: amountOf(item.gross, item.currency), allowance: amountOf(item.allowance, item.currency) },
    presentation: { gross: amountOf(item.presentationGross, presentation), allowance: amountOf(item.presentationAllowance, presentation) },
    cashAfter: amountOf(item.cashAfter, item.currency),
  };
}
