import { Decimal } from '@app/credit-domain';
import type { ArrearsApi, Money } from './arrears-api';
import { inThousands, minorOf } from './compare-note';
import { DERIVED } from './derived-figures';
import type { Explained } from './explain-movement';
import { difference } from './explain-movement';
import { columns, grouped } from './print-note';
import { PUBLISHED } from './published';

interface Evidence {
  readonly rolls: readonly {
    readonly from: readonly string[];
    readonly to: string;
    readonly rate: string | null;
    readonly numerator: Money;
    readonly denominator: Money;
    readonly receivables: number;
  }[];
}

interface Metrics {
  readonly amounts: Readonly<Record<string, Money | null>>;
  readonly metrics: Readonly<Record<string, { readonly value: string | null; readonly unit: string; readonly reason: string | null }>>;
}

interface ForwardAgeing {
  readonly charge: Money;
}

const { fy2023, fy2024 } = PUBLISHED;
const shown = (money: Money | null | undefined): string => (money == null ? 'unknown' : grouped(inThousands(minorOf(money)).toString()));
const twoDecimals = (value: string | null | undefined, factor: number): string =>
  value == null ? 'unknown' : new Decimal(value).times(factor).toFixed(2, Decimal.ROUND_HALF_UP);

/** Roll rates of the year from the book's own events, with the write-offs once as if collected and once added back. */
export async function gatherEvidence(api: ArrearsApi): Promise<Explained> {
  const ask = (writeOffs: string): Promise<Evidence> =>
    api.get<Evidence>('/v1/loss-rate-evidence', {
      ...{ method: 'roll-rate', kind: 'trade', asOf: fy2024.asOf, scheme: 'months-6-12-24-36', writeOffs, currency: 'CNY' },
    });
  const [asCollected, addedBack] = [await ask('as-collected'), await ask('added-back')];
  const rates = ({ rolls }: Evidence): string[] => rolls.map(({ rate }) => twoDecimals(rate, 100));
  const text = columns([
    ['Net flow of trade receivables in 2024', 'as if collected', 'added back', "of RMB'000", 'receivables'],
    ...asCollected.rolls.map(({ from, to, denominator, receivables, ...roll }, index) => [
      `${from.join(' + ')} -> ${to}`,
      ...[`${twoDecimals(roll.rate, 100)} %`, `${twoDecimals(addedBack.rolls[index]?.rate, 100)} %`],
      ...[shown(denominator), String(receivables)],
    ]),
  ]);
  return {
    text,
    differences: [
      ...listDifference('roll rates, write-offs as collected', rates(asCollected), DERIVED.rollRates.asCollected),
      ...listDifference('roll rates, write-offs added back', rates(addedBack), DERIVED.rollRates.addedBack),
    ],
  };
}

function listDifference(what: string, found: readonly string[], expected: readonly string[]): string[] {
  return found.join() === expected.join() ? [] : [`${what}: computed ${found.join(', ')}, expected ${expected.join(', ')}`];
}

/** Collection, days outstanding and what ages into dearer buckets, all of trade. */
export async function measureBook(api: ArrearsApi): Promise<Explained> {
  const { amounts, metrics } = await api.get<Metrics>('/v1/metrics', {
    ...{ asOf: fy2024.asOf, from: fy2023.asOf, kind: 'trade', top: '5', currency: 'CNY' },
  });
  const forward = async (asOf: string): Promise<Money> =>
    (await api.get<ForwardAgeing>('/v1/metrics/forward-ageing', { asOf, kind: 'trade', currency: 'CNY' })).charge;
  const charges = { fy2023: await forward(fy2023.asOf), fy2024: await forward(fy2024.asOf) };
  const days = (name: string): string => twoDecimals(metrics[name]?.value, 1);
  const percent = (name: string): string => `${twoDecimals(metrics[name]?.value, 100)} %`;
  const text = columns([
    ['Trade receivables, 2024', ''],
    ["Sales billed, with tax, RMB'000", shown(amounts['salesWithTax'])],
    ["Sales net of tax, RMB'000", shown(amounts['sales'])],
    ["Collections, RMB'000", shown(amounts['collections'])],
    ['DSO gross, days', days('dso')],
    ['DSO net of the allowance, days', days('netDso')],
    ['Best possible DSO, days', days('bestPossibleDso')],
    ['Average days delinquent', days('averageDaysDelinquent')],
    ['Collection effectiveness', percent('collectionEffectiveness')],
    ['Coverage', percent('coverage')],
    ['Overdue share', percent('overdueShare')],
    ['More than 90 days past due', percent('over90Share')],
    ['Five largest debtors', percent('topShare')],
    [`Charge of the 12 months after ${fy2023.asOf} by ageing alone, RMB'000`, shown(charges.fy2023)],
    [`Charge of the 12 months after ${fy2024.asOf} by ageing alone, RMB'000`, shown(charges.fy2024)],
  ]);
  return {
    text,
    differences: [
      ...difference('collections', amounts['collections'] ?? undefined, DERIVED.collections),
      ...difference('sales net of tax', amounts['sales'] ?? undefined, fy2024.revenue),
      ...listDifference('DSO gross', [days('dso')], [DERIVED.dsoGross]),
      ...listDifference('DSO net', [days('netDso')], [DERIVED.dsoNet]),
      ...difference('charge by ageing after FY2023', charges.fy2023, DERIVED.forwardCharge.fy2023),
      ...difference('charge by ageing after FY2024', charges.fy2024, DERIVED.forwardCharge.fy2024),
    ],
  };
}
