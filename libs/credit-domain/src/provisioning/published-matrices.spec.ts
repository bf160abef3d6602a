import { Decimal } from '../values';
import { expectedCreditLoss, type ApprovedAssessment, type ProvisionInput, type ProvisionResult } from './index';
import fixture from './published-cases.fixture.json';

interface PublishedCase {
  readonly id: string;
  readonly currency: string;
  readonly unit: number;
  readonly rateDp: number;
  readonly amountStep: number;
  /** the publisher's own table does not add up. */
  readonly publishedBreak: boolean;
  readonly buckets: readonly { label: string; gross: string; rate: string; allowance: string; exactRate?: string }[];
  readonly individual?: { gross: string; allowance: string; exactRate: string; reason: string };
  readonly expected?: { collectiveGross: string; collectiveAllowance: string; grossTotal: string; allowanceTotal: string; net: string };
}
const published: readonly PublishedCase[] = fixture;

/** A printed amount in the unit of the note (thousands, millions) as minor units. */
const minor = (amount: string, unit: number): bigint => BigInt(new Decimal(amount).times(unit).times(100).toFixed(0));
const printed = (amount: bigint, unit: number): Decimal => new Decimal(amount.toString()).div(100).div(unit);

function inputOf(book: PublishedCase, rateOf: (bucket: PublishedCase['buckets'][number]) => string): ProvisionInput {
  const { individual } = book;
  const assessment: ApprovedAssessment = {
    assessmentId: 'impaired',
    debtorId: 'impaired',
    effectiveOn: '2020-01-01',
    endsOn: null,
    kinds: null,
    entityId: null,
    lossRate: individual?.exactRate ?? '0',
    scenarios: null,
    scenarioCurrency: null,
    discountRate: null,
    reason: individual?.reason ?? '',
    evidence: null,
    release: false,
    approvedAt: 1n,
  };
  const cell = { entityId: 'main', kind: 'trade', class: '', related: false, segment: 'all', currency: book.currency };
  return {
    asOf: '2024-12-31',
    currency: book.currency,
    measures: [
      {
        approach: 'matrix',
        forwardLooking: null,
        kind: 'trade',
        scheme: 'published',
        bucketLabels: book.buckets.map(({ label }) => label),
        lossRateSet: {
          setId: 'published',
          kind: 'trade',
          scheme: 'published',
          effectiveOn: '2020-01-01',
          rates: book.buckets.map((bucket) => ({ segment: '*', bucket: bucket.label, rate: rateOf(bucket) })),
        },
      },
    ],
    collective: book.buckets.map(({ gross }, bucket) => ({ ...cell, bucket, amount: minor(gross, book.unit) })),
    individual:
      individual === undefined
        ? []
        : [{ ...cell, debtorId: 'impaired', bucket: book.buckets.length - 1, amount: minor(individual.gross, book.unit) }],
    assessments: [assessment],
    overlays: [],
    enhancements: [],
    closingRates: new Map([
      [book.currency, { from: book.currency, to: book.currency, numerator: 1n, denominator: 1n, path: [book.currency] }],
    ]),
  };
}

function resultOf(input: ProvisionInput): ProvisionResult {
  const outcome = expectedCreditLoss(input);
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.result;
}

describe('published provision matrices', () => {
  it.each(published)(
    '$id: an allowance that leaves the precision of the printed table would make every comparison with the filing doubtful',
    (book) => {
      const { collective } = resultOf(inputOf(book, ({ rate }) => rate));
      expect(collective.map(({ bucket }) => bucket)).toEqual(book.buckets.map(({ label }) => label));
      book.buckets.forEach((bucket, index) => {
        const got = printed(collective[index]?.allowance ?? -1n, book.unit);
        const own = new Decimal(bucket.gross).times(bucket.rate);
        expect(got.minus(own).abs().times(book.unit).toNumber()).toBeLessThanOrEqual(0.005);
        if (book.publishedBreak) return;
        const tolerance = new Decimal(bucket.gross)
          .times(0.5)
          .times(new Decimal(10).pow(-book.rateDp))
          .div(100)
          .plus(book.amountStep / 2);
        expect(got.minus(bucket.allowance).abs().toNumber()).toBeLessThanOrEqual(tolerance.toNumber() + 1e-9);
      });
    },
  );

  const sensetime = published.filter(({ expected }) => expected !== undefined);

  it.each(sensetime)(
    '$id: with the full rates the tables of the filing come out to the last printed thousand, and its totals with them',
    (book) => {
      const result = resultOf(inputOf(book, ({ exactRate, rate }) => exactRate ?? rate));
      expect(result.collective.map(({ allowance }) => allowance)).toEqual(book.buckets.map(({ allowance }) => minor(allowance, book.unit)));
      const expected = book.expected ?? { collectiveGross: '', collectiveAllowance: '', grossTotal: '', allowanceTotal: '', net: '' };
      expect(result.total).toMatchObject({
        gross: minor(expected.grossTotal, book.unit),
        allowance: minor(expected.allowanceTotal, book.unit),
        collective: { gross: minor(expected.collectiveGross, book.unit), allowance: minor(expected.collectiveAllowance, book.unit) },
        individual: {
          gross: minor(book.individual?.gross ?? '', book.unit),
          allowance: minor(book.individual?.allowance ?? '', book.unit),
        },
      });
      expect(result.total.gross - result.total.allowance).toBe(minor(expected.net, book.unit));
    },
  );

  it('both SenseTime years are among the cases', () => {
    expect(sensetime.map(({ id }) => id)).toEqual(['sensetime-fy2024', 'sensetime-fy2023']);
  });
});
