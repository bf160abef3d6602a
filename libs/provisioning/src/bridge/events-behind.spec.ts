import type { ApprovedCreditEnhancement, BridgeSubject } from '@app/credit-domain';
import { setFor, SCHEME } from '../book.fixture';
import type { BridgePoint } from './bridge-point';
import { EventsBehind } from './events-behind';

const cover = {
  enhancementId: 'E',
  debtorId: 'D1',
  kinds: null,
  entityId: null,
  integral: true,
  effectiveOn: '2024-03-01',
  approvedAt: 90n,
};
const point = (asOf: string, enhancements: readonly object[]): BridgePoint =>
  ({
    asOf,
    measure: {
      ...{ asOf, covers: new Map(), enhancements: enhancements as ApprovedCreditEnhancement[] },
      measures: [
        { approach: 'matrix', kind: 'trade', scheme: SCHEME, bucketLabels: [], lossRateSet: setFor('trade'), forwardLooking: null },
      ],
    },
    ...{ assessments: [], kinds: null, kindsLeftOut: new Set(), individualCoverage: new Map(), schemes: new Map() },
  }) as unknown as BridgePoint;
const subject = {
  history: {
    ...{ receivableId: 'R1', debtorId: 'D1', currency: 'CNY', recognisedOn: '2022-01-31', position: 1n, steps: [] },
    classifications: [
      { effectiveOn: '2022-01-31', position: 1n, entityId: 'main', kind: 'trade', class: '', invoicedOn: '2022-01-31', dueOn: null },
    ],
  },
  debtor: {
    debtorId: 'D1',
    facts: [{ effectiveOn: '2020-01-01', position: 1n, segment: 'std', relatedParty: false, creditImpaired: false, country: null }],
  },
  opening: { at: { asOf: '2023-12-31', position: 50n } },
  closing: { at: { asOf: '2024-12-31', position: 100n } },
} as unknown as BridgeSubject;

describe('what stands behind a change of rate', () => {
  it('is the cover that came, besides the rates, or an auditor is shown rates that did not change', () => {
    const behind = new EventsBehind(point('2023-12-31', []), point('2024-12-31', [cover]));
    expect(behind.of('rate-change', subject).map(({ type, id, position }) => [type, id, position])).toEqual([
      ['loss-rate-set', 'set-trade', 1n],
      ['credit-enhancement', 'E', 90n],
    ]);
  });
});
