import { parseAmount } from '@app/credit-domain';
import type { ArrearsApi, Money } from './arrears-api';
import { MATRIX_SCHEME } from './load-year';
import type { GrossAndAllowance, NoteFigures } from './note-figures';

const CURRENCY = 'CNY';
const AGEING_SCHEME = 'months-6-12-24-36';

interface RunLine {
  /** In the currency of the run, translated at the closing rate. */
  readonly presentation: { readonly gross: Money; readonly allowance: Money };
}

interface ProvisionRun {
  readonly status: string;
  readonly asOf: string;
  readonly collective: readonly (RunLine & { readonly bucket: string })[];
  readonly individual: readonly (RunLine & { readonly matrixAllowance: Money | null })[];
  readonly totals: readonly { readonly kind: string; readonly gross: Money; readonly allowance: Money; readonly net: Money }[];
}

interface Ageing {
  readonly groups: readonly {
    readonly key: string;
    readonly buckets: readonly { readonly label: string; readonly amount: Money }[];
    readonly total: Money;
  }[];
}

const minor = ({ amount, currency }: Money): bigint => {
  const parsed = parseAmount(amount, currency);
  if (!parsed.ok) throw new Error(`the API answered an amount that is none: ${amount} ${currency}`);
  return parsed.minor;
};
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((left, right) => left + right, 0n);

/** Asks for a provision run, waits for it and reads the ageing of the same date; nothing comes from the generated files. */
export async function readFigures(api: ArrearsApi, asOf: string, bucketLabels: readonly string[]): Promise<NoteFigures> {
  const requested = await api.post<{ id: string }>('/v1/provision-runs', {
    asOf,
    kinds: ['trade'],
    scheme: MATRIX_SCHEME,
    currency: CURRENCY,
  });
  const run = await api.untilCompleted<ProvisionRun>(`/v1/provision-runs/${requested.id}`);
  const ageing = (groupBy: string): Promise<Ageing> =>
    api.get<Ageing>('/v1/ageing', { asOf, kind: 'trade', scheme: AGEING_SCHEME, currency: CURRENCY, groupBy });
  const [total, related, currencies] = [await ageing('total'), await ageing('related'), await ageing('currency')];
  const trade = run.totals.find(({ kind }) => kind === 'trade');
  if (trade === undefined) throw new Error('the run has no total for trade receivables');
  const isRelated = (key: string): boolean => key === 'true';
  return {
    asOf: run.asOf,
    buckets: bucketLabels.map((label) => ({ label, ...sumLines(run.collective.filter(({ bucket }) => bucket === label)) })),
    collective: sumLines(run.collective),
    individual: sumLines(run.individual),
    total: { gross: minor(trade.gross), allowance: minor(trade.allowance) },
    individualByMatrix: sum(run.individual.map((line) => (line.matrixAllowance === null ? 0n : minor(line.matrixAllowance)))),
    ageing: total.groups.flatMap(({ buckets }) => buckets.map(({ label, amount }) => ({ label, gross: minor(amount) }))),
    related: sum(related.groups.filter(({ key }) => isRelated(key)).map((group) => minor(group.total))),
    thirdParties: sum(related.groups.filter(({ key }) => !isRelated(key)).map((group) => minor(group.total))),
    currencies: currencies.groups
      .filter(({ key }) => key !== CURRENCY)
      .map((group) => ({ currency: group.key, gross: minor(group.total) })),
  };
}

function sumLines(lines: readonly RunLine[]): GrossAndAllowance {
  return {
    gross: sum(lines.map(({ presentation }) => minor(presentation.gross))),
    allowance: sum(lines.map(({ presentation }) => minor(presentation.allowance))),
  };
}
