import { boundedRate, lossOnSales, stepsWithin } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { placeOf } from '../policy/refusal-places';
import { countingOf, givenSales, rowSegment, segmentsOf, type EvidencePlan } from './evidence-plan';
import { noFindings, rateTexts, type Findings } from './findings';

/** The bucket of a rate that belongs to none. */
const NO_BUCKET = '*';

interface SalesSums {
  readonly segment: string;
  readonly currency: string;
  sales: bigint;
  writtenOff: bigint;
  recovered: bigint;
  unclassified: bigint;
  receivables: number;
}

/**
 * (write-offs - recoveries) / credit sales of the window, taxes included in all of them (domain reference 7.5). Refused
 * `evidence-groups-invalid` for sales given to several segments.
 */
export async function salesEvidence(plan: EvidencePlan): Promise<Findings> {
  const { book, request, window, filter } = plan;
  if (plan.bySegment && request.sales !== undefined) {
    throw new Refusal('evidence-groups-invalid', 'Sales can be given for one group only.', [placeOf('sales')]);
  }
  const given = givenSales(request.sales, plan.currency);
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
      for (const step of stepsWithin(history, window, book.position)) {
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
  for (const segment of segmentsOf(plan, sums.values())) {
    const own = [...sums.values()].filter((each) => each.segment === segment);
    const total = (amountOf: (each: SalesSums) => bigint): bigint =>
      own.reduce((sum, each) => sum + translate(amountOf(each), each.currency), 0n);
    const [writtenOff, recovered, unclassified] = [total((s) => s.writtenOff), total((s) => s.recovered), total((s) => s.unclassified)];
    const sales = given ?? total((s) => s.sales);
    const low = lossOnSales({ writtenOff, recovered, sales });
    const high = lossOnSales({ writtenOff: writtenOff + unclassified, recovered, sales });
    const unclassifiedAs = countingOf(request).unclassified;
    const receivables = own.reduce((sum, each) => sum + each.receivables, 0);
    found.rates.push({
      ...{ segment, bucket: NO_BUCKET, ...rateTexts(boundedRate({ low, high }, unclassifiedAs), request.rateDecimals), receivables },
      ...{ numerator: writtenOff - recovered + (unclassifiedAs === 'as-collected' ? 0n : unclassified), denominator: sales },
      flags: [...(low === null ? ['undefined'] : []), ...(unclassified > 0n ? ['unclassified'] : [])],
    });
    found.sample.receivables += receivables;
    found.sample.amount += sales;
  }
  return found;
}
