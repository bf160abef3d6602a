import type { CloseFigures } from './close-figures';

/** Printed in thousands of CNY; held in fen. */
const FEN_PER_THOUSAND = 100_000n;
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'] as const;
const LIMITS = [6, 12, 24, 36, 48] as const;

interface PublishedYear {
  readonly asOf: string;
  readonly collective: readonly number[];
  readonly allowance: readonly number[];
  readonly individual: readonly number[];
  readonly individualAllowance: number;
}

function closeOf(year: PublishedYear): CloseFigures {
  const fen = (thousands: number): bigint => BigInt(thousands) * FEN_PER_THOUSAND;
  const sum = (amounts: readonly number[]): bigint => amounts.reduce((total, amount) => total + fen(amount), 0n);
  return {
    asOf: year.asOf,
    currency: 'CNY',
    ageing: [
      {
        scheme: 'months-6-12-24-36-48',
        buckets: LABELS.map((label, index) => {
          const count = LIMITS[index];
          return { label, upTo: count === undefined ? null : { unit: 'months', count } };
        }),
        groups: [{ kind: 'trade', segment: '', collective: year.collective.map(fen), individual: year.individual.map(fen) }],
      },
    ],
    provision: {
      kinds: [
        {
          kind: 'trade',
          collective: { gross: sum(year.collective), allowance: sum(year.allowance) },
          individual: { gross: sum(year.individual), allowance: fen(year.individualAllowance) },
        },
      ],
      cells: LABELS.map((bucket, index) => {
        const gross = fen(year.collective[index] ?? 0);
        const allowance = fen(year.allowance[index] ?? 0);
        const rate = gross === 0n ? 0n : (allowance * 10n ** 12n) / gross;
        return {
          kind: 'trade',
          scheme: 'months-6-12-24-36-48',
          segment: '',
          bucket,
          rate: rate >= 10n ** 12n ? '1' : `0.${String(rate).padStart(12, '0')}`,
          gross,
          allowance,
        };
      }),
    },
  };
}

/** SenseTime note 11 at 31 December 2023; the individually assessed over three years are printed as one amount. */
export const fiscalYear2023 = closeOf({
  asOf: '2023-12-31',
  collective: [1_039_635, 242_753, 1_715_868, 2_804_371, 895_657, 254_058],
  allowance: [151_044, 67_720, 740_980, 1_637_059, 676_609, 254_058],
  individual: [107, 110, 176_008, 391_530, 391_922, 0],
  individualAllowance: 663_922,
});

/** The same note at 31 December 2024. */
export const fiscalYear2024 = closeOf({
  asOf: '2024-12-31',
  collective: [860_087, 278_278, 262_169, 1_474_035, 2_103_532, 781_405],
  allowance: [52_886, 43_963, 108_031, 943_395, 1_715_428, 781_405],
  individual: [3_338, 133, 299, 274_142, 936_148, 0],
  individualAllowance: 936_767,
});
