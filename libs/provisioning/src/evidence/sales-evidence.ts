import { lossOnSales, parseAmount } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { placeOf } from '../policy/refusal-places';
import { ALL_SEGMENTS, rowSegment, type EvidencePlan } from './evidence-plan';
import { noFindings, type Findings } from './findings';
import { texts } from './migration-evidence';

/** The bucket of a rate that belongs to none. */
export const NO_BUCKET = '*';

interface SalesSums {
  readonly segment: string;
  readonly currency: string;
  sales: bigint;
  writtenOff: bigint;
  recovered: bigint;
  unclassified: bigint;
  receivables: number;
}

/** (write-offs - recoveries) / credit sales of the window, taxes included in all of them (domain reference 7.5). */
export async function salesEvidence(plan: EvidencePlan): Promise<Findings> {
  const { book, request, window, filter } = plan;
  const sums = new Map<string, SalesSums>();
  for await (const page of book.walk()) {
    for (const history of page) {
      const member = book.memberAt(history, filter, window.to);
      if (member === null) continue;
      const segment = rowSegment(plan, member.segment);
      const key = JSON.stringify([segment, history.currency]);
      const sum = sums.get(key) ?? {
        ...{ segment, currency: history.currency, sales: 0n, writtenOff: 0n, recovered: 0n, unclassified: 0n, receivables: 0 },
      };
      sums.set(key, sum);
      let counts = false;
      if (history.recognisedOn > window.from && history.takenOn === null) {
        sum.sales += history.amount;
        counts = true;
      }
      for (const step of history.steps) {
        if (step.position > book.position || step.effectiveOn <= window.from || step.effectiveOn > window.to) continue;
        if (step.type === 'write_off') sum.writtenOff -= step.gross;
        if (step.type === 'unclassified') sum.unclassified -= step.gross;
        sum.recovered += step.recovered;
        counts ||= step.type === 'write_off' || step.type === 'unclassified' || step.recovered !== 0n;
      }
      if (counts) sum.receivables += 1;
    }
  }
  const found = noFindings();
  const translate = await book.translation(request.asOf, plan.currency);
  const given = givenSales(plan);
  const segments = [...new Set([...sums.values()].map(({ segment }) => segment))].sort();
  for (const segment of segments.length === 0 ? [rowSegment(plan, ALL_SEGMENTS)] : segments) {
    const own = [...sums.values()].filter((each) => each.segment === segment);
    const total = (amountOf: (each: SalesSums) => bigint): bigint =>
      own.reduce((sum, each) => sum + translate(amountOf(each), each.currency), 0n);
    const [writtenOff, recovered, unclassified] = [total((s) => s.writtenOff), total((s) => s.recovered), total((s) => s.unclassified)];
    const sales = given ?? total((s) => s.sales);
    const low = lossOnSales({ writtenOff, recovered, sales });
    const high = lossOnSales({ writtenOff: writtenOff + unclassified, recovered, sales });
    const isLow = request.unclassified === 'as-collected';
    const receivables = own.reduce((sum, each) => sum + each.receivables, 0);
    found.rates.push({
      ...{ segment, bucket: NO_BUCKET, ...texts({ rate: isLow ? low : high, low, high }, request.rateDecimals), receivables },
      ...{ numerator: writtenOff - recovered + (isLow ? 0n : unclassified), denominator: sales },
      flags: [...(low === null ? ['undefined'] : []), ...(unclassified > 0n ? ['unclassified'] : [])],
    });
    found.sample.receivables += receivables;
    found.sample.amount += sales;
  }
  return found;
}

function givenSales({ request, currency, bySegment }: EvidencePlan): bigint | null {
  if (request.sales === undefined) return null;
  if (bySegment) throw new Refusal('evidence-groups-invalid', 'Sales can be given for one group only.', [placeOf('sales')]);
  const parsed = parseAmount(request.sales, currency);
  if (!parsed.ok) throw new Refusal(parsed.code, `'${request.sales}' is no amount of ${currency}.`, [placeOf('sales')]);
  return parsed.minor;
}
