import { cell, policyOf, queriesOn, setFor } from '../book.fixture';
import { hashOf } from '../event-data';
import { provisionRunCompletedData } from '../events';
import { BookReading } from './book-reading';
import { calculateProvision, type ProvisionOutput } from './calculate-provision';
import { provisionHash } from './provision-calculator';

const AT = { asOf: '2024-12-31', position: 50n };

/** A run exactly as the first engine recorded it. */
const line = { currency: 'CNY', gross: '1000', allowance: '100', presentationGross: '1000', presentationAllowance: '100' };
const figures = {
  gross: '1000',
  allowance: '100',
  collective: { gross: '1000', allowance: '100' },
  individual: { gross: '0', allowance: '0' },
};
const firstEngine = {
  currency: 'CNY',
  inputs: {
    engineVersion: '1',
    matrices: [{ kind: 'trade', scheme: 'months-6-12-24-36-48', lossRateSetId: 'set' }],
    assessmentIds: ['A'],
    fxRates: [],
  },
  collective: [{ entityId: 'main', kind: 'trade', segment: 'std', bucket: 'Up to 6 months', rate: '0.1', ...line }],
  individual: [
    {
      ...{ assessmentId: 'A', debtorId: 'D', entityId: 'main', kind: 'trade', segment: 'std', rate: '0.1', ...line },
      ...{ matrixAllowance: null, presentationMatrixAllowance: null, reason: 'x', reviewDue: false, warnings: [] },
    },
  ],
  totals: [{ kind: 'trade', ...figures }],
  total: figures,
};

async function outputNow(): Promise<ProvisionOutput> {
  const book = new BookReading(queriesOn({ cells: [cell({})] }), 1, AT.asOf, AT.position);
  const calculated = await calculateProvision(book, policyOf({ lossRateSets: [setFor('trade')] }), {
    kinds: null,
    scheme: null,
    currency: null,
  });
  if (!calculated.ok) throw new Error(calculated.problem.detail);
  return calculated.value;
}

describe('the seal of a run', () => {
  it('of the first engine still fits its record, or every run signed before would look altered', () => {
    const recorded = { runId: 'R', asOf: AT.asOf, knownAt: 'then', position: 50, ...firstEngine, warnings: [], hash: 'h' };
    const read = provisionRunCompletedData.parse(recorded);
    expect(read).toMatchObject({ staged: [], shares: [], total: { staged: { gross: '0' }, overlays: '0' } });
    expect(provisionHash(AT, read)).toBe(hashOf({ asOf: AT.asOf, position: 50, ...firstEngine }));
  });

  it('covers every field of the figures: nothing in a run can be changed without breaking it', async () => {
    const output = await outputNow();
    const seal = provisionHash(AT, output);
    const altered = Object.keys(output).filter((field) => field !== 'warnings');
    expect(altered).toHaveLength(12);
    for (const field of altered) {
      const other = { ...output, [field]: Array.isArray(output[field as keyof ProvisionOutput]) ? ['altered'] : { altered: true } };
      expect([field, provisionHash(AT, other)]).not.toEqual([field, seal]);
    }
    expect(provisionHash(AT, { ...output, warnings: [{ code: 'x', detail: 'reworded' }] })).toBe(seal);
    expect(provisionHash({ ...AT, position: 51n }, output)).not.toBe(seal);
  });
});
