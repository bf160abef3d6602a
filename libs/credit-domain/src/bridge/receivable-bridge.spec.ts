import { told, subjectOf, type Story } from './bridge.fixture';
import { bridgeReceivable, unwinding } from './receivable-bridge';

/** A receivable of 1,000 in the bucket of 2 to 3 years at opening (64 %) and of 3 to 4 years at closing (80 %). */
const AGED = 'ageing collective 160';
/** The same age at both ends: younger than half a year is impossible after a year, older than four years stays there. */
const OLD = { recognisedOn: '2015-01-31' };

describe('the movement of one receivable, each fact in its own leg', () => {
  it.each<[string, Story, string[]]>([
    ['nothing happened: no leg at all', { receivable: OLD }, []],
    ['it only got older', {}, [AGED]],
    [
      'a write-off of 100 at 64 % cover uses up 100 of allowance and charges 36',
      { receivable: { amount: 100n }, steps: [{ type: 'write_off', gross: -100n }] },
      ['write-offs collective -100', 'write-off-shortfall collective 36'],
    ],
    [
      'a part is written off and the rest gets older',
      { steps: [{ type: 'write_off', gross: -500n }] },
      ['write-offs collective -500', 'write-off-shortfall collective 180', 'ageing collective 80'],
    ],
    [
      'money received later on what was written off moves nothing',
      {
        receivable: { amount: 100n },
        steps: [
          { type: 'write_off', gross: -100n },
          { type: 'recovery', gross: 0n, recovered: 40n },
        ],
      },
      ['write-offs collective -100', 'write-off-shortfall collective 36'],
    ],
    ['it was paid', { steps: [{ gross: -1_000n }] }, ['cash collective -640']],
    ['a payment bounced', { steps: [{ gross: -1_000n }, { type: 'payment_reversal', gross: 1_000n }] }, [AGED]],
    [
      'unapplied credit was put onto it: cash',
      { steps: [{ type: 'allocation', gross: -1_000n, credit: 1_000n }] },
      ['cash collective -640'],
    ],
    ['a credit note', { steps: [{ type: 'credit_note', gross: -1_000n }] }, ['credit-notes-and-adjustments collective -640']],
    ['settled nobody knows how', { steps: [{ type: 'unclassified', gross: -1_000n }] }, ['credit-notes-and-adjustments collective -640']],
    ['sold', { steps: [{ type: 'disposal', gross: -1_000n }] }, ['disposals collective -640']],
    [
      'paid before the opening, recorded after it',
      { steps: [{ gross: -1_000n, effectiveOn: '2023-11-30' }] },
      ['late-known collective -640'],
    ],
    [
      'written off before the opening, recorded after it: used up and charged all the same',
      { receivable: { amount: 100n }, steps: [{ type: 'write_off', gross: -100n, effectiveOn: '2023-11-30' }] },
      ['late-known collective -64'],
    ],
    [
      'recognised before the opening, recorded after it',
      { receivable: { position: 150n }, first: { position: 150n } },
      ['late-known collective 640', AGED],
    ],
    [
      'taken on without history: unexplained and nowhere else',
      { receivable: { takenOn: '2024-03-31', position: 150n }, first: { position: 150n } },
      ['unexplained collective 800'],
    ],
    ['new in the period at the rates of the opening', { receivable: { recognisedOn: '2024-09-30' } }, ['new-receivables collective 100']],
    [
      'new and paid in part: what came and went in the period never had an allowance',
      { receivable: { recognisedOn: '2024-09-30' }, steps: [{ gross: -400n, effectiveOn: '2024-10-31' }] },
      ['new-receivables collective 60'],
    ],
    [
      'new and written off: charged in full',
      { receivable: { recognisedOn: '2024-09-30' }, steps: [{ type: 'write_off', gross: -1_000n, effectiveOn: '2024-10-31' }] },
      ['write-offs collective -1000', 'write-off-shortfall collective 1000'],
    ],
    [
      'new and assessed alone at once: in at the matrix of the opening, the rest is remeasurement',
      { receivable: { recognisedOn: '2024-09-30' }, closing: { assessed: { D1: { rate: '0.9' } } } },
      ['new-receivables individual 100', 'individual-remeasurement individual 800'],
    ],
    [
      'before the first posted run everything is new, at closing rates',
      { opening: null, closing: { rates: ['0.3', '0.3', '0.3', '0.3', '0.5', '0.3'] } },
      ['new-receivables collective 500'],
    ],
    [
      'carved out: moved at its rolled value, then remeasured',
      { closing: { assessed: { D1: { rate: '0.9' } } } },
      [
        AGED,
        'collective-to-individual collective -800',
        'collective-to-individual individual 800',
        'individual-remeasurement individual 100',
      ],
    ],
    [
      'back to the matrix: remeasured to it, then moved',
      { opening: { assessed: { D1: { rate: '0.9' } } }, closing: {} },
      ['individual-remeasurement individual -100', 'collective-to-individual individual -800', 'collective-to-individual collective 800'],
    ],
    [
      'alone at both ends, with another rate',
      { opening: { assessed: { D1: { rate: '0.5' } } }, closing: { assessed: { D1: { rate: '0.6' } } } },
      ['individual-remeasurement individual 100'],
    ],
    [
      'alone, paid in part and written off in part, at the debtor’s own cover',
      {
        opening: { assessed: { D1: { rate: '0.5' } } },
        steps: [{ gross: -200n }, { type: 'write_off', gross: -100n }],
      },
      ['write-offs individual -100', 'write-off-shortfall individual 50', 'cash individual -100'],
    ],
    [
      'the unwinding of a discount is interest and lowers the allowance',
      { opening: { assessed: { D1: { rate: '0.5', discountRate: '0.10' } } } },
      ['unwind individual -50', 'individual-remeasurement individual 50'],
    ],
    ['another rate', { receivable: OLD, closing: { rates: ['0.1', '0.2', '0.4', '0.64', '0.8', '0.9'] } }, ['rate-change collective -100']],
    [
      'older and another rate: the age first, at opening rates',
      { closing: { rates: ['0.1', '0.2', '0.4', '0.64', '0.9', '1'] } },
      [AGED, 'rate-change collective 100'],
    ],
    [
      'another rate and another scenario: rates under the old scenario first',
      {
        receivable: OLD,
        opening: { rates: ['0', '0', '0', '0', '0', '0.4'], scalar: '1.5' },
        closing: { rates: ['0', '0', '0', '0', '0', '0.5'], scalar: '1.2' },
      },
      ['rate-change collective 150', 'scenario-change collective -150'],
    ],
    [
      'another scheme comes with its rates',
      { receivable: OLD, closing: { scheme: 'other', rates: ['0', '0', '0', '0', '0', '0.7'] } },
      ['scheme-change collective -300'],
    ],
    ['an overlay came, another went', { receivable: OLD, overlays: [30n, 50n] }, ['overlays collective 20']],
    [
      'moved to another kind with the same cover',
      { receivable: OLD, later: [{ kind: 'contract_asset', effectiveOn: '2024-05-31', position: 150n }] },
      ['reclassifications collective -1000', 'reclassifications contract_asset collective 1000'],
    ],
    [
      'moved out of expected credit losses: the allowance ends',
      { later: [{ kind: 'non_financial', effectiveOn: '2024-05-31', position: 150n }] },
      ['reclassifications collective -640'],
    ],
    [
      'moved into expected credit losses',
      { first: { kind: 'non_financial' }, later: [{ effectiveOn: '2024-05-31', position: 150n }] },
      ['reclassifications collective 640', AGED],
    ],
    [
      'staged, now past due: remeasured at the opening parameters of its stage',
      {
        receivable: { recognisedOn: '2023-06-30' },
        first: { kind: 'other', dueOn: '2024-01-31' },
        opening: { stages: ['0.01', '0.10', '0.60'] },
      },
      ['ageing other staged 590'],
    ],
    [
      'from the matrix to stages: a change of scheme',
      { first: { kind: 'other', dueOn: null }, closing: { stages: ['0.01', '0.10', '0.60'] } },
      ['ageing other collective 160', 'scheme-change other collective -800', 'scheme-change other staged 10'],
    ],
    [
      'in another currency: everything at the opening exchange rate, the closing rate last',
      { receivable: { currency: 'USD' }, exchange: ['7', '8'], steps: [{ gross: -500n }] },
      ['cash collective -2240', 'ageing collective 560', 'exchange collective 400'],
    ],
  ])('%s', (_story, story, legs) => {
    expect(told(story)).toEqual(legs);
  });

  it('shows a change of stage as a transfer at what was carried, or nobody could read the movement between stages', () => {
    const { stageTransfers } = bridgeReceivable(
      subjectOf({
        receivable: { recognisedOn: '2023-06-30' },
        first: { kind: 'other', dueOn: '2024-01-31' },
        opening: { stages: ['0.01', '0.10', '0.60'] },
      }),
    );
    expect(stageTransfers).toEqual([{ entityId: 'main', kind: 'other', from: 1, to: 3, gross: 1_000n, allowance: 10n }]);
  });

  it('books what a late write-off used up against the receivable, or the receivable would stay on the books', () => {
    const { contributions } = bridgeReceivable(
      subjectOf({ receivable: { amount: 100n }, steps: [{ type: 'write_off', gross: -100n, effectiveOn: '2023-11-30' }] }),
    );
    expect(contributions.map(({ posting, amount }) => [posting, amount])).toEqual([
      ['utilisation', -100n],
      ['impairment', 36n],
    ]);
  });

  it('says nothing of an overlay that stayed, or a run would have moved against itself', () => {
    expect(bridgeReceivable(subjectOf({ receivable: OLD, overlays: [30n, 30n] })).contributions).toEqual([]);
    const moved = {
      receivable: OLD,
      overlays: [30n, 30n] as const,
      later: [{ kind: 'contract_asset', effectiveOn: '2024-05-31', position: 150n }],
    };
    const overlays = bridgeReceivable(subjectOf(moved)).contributions.filter(({ cause }) => cause === 'overlays');
    expect(overlays.map(({ cell, amount }) => [cell.kind, amount])).toEqual([
      ['trade', -30n],
      ['contract_asset', 30n],
    ]);
  });

  it('keeps a unit of rounding with the last fact, and calls more than rounding unexplained', () => {
    const subject = subjectOf({});
    const ending = (allowance: bigint) =>
      bridgeReceivable({ ...subject, closing: { ...subject.closing, allowance } }).contributions.map(({ cause, amount }) => [
        cause,
        amount,
      ]);
    expect(ending(801n)).toEqual([
      ['ageing', 160n],
      ['ageing', 1n],
    ]);
    expect(ending(900n)).toEqual([
      ['ageing', 160n],
      ['unexplained', 100n],
    ]);
  });
});

describe('unwinding a discount', () => {
  it('compounds over the days of the period, a leap year being longer than a year', () => {
    expect(unwinding(100_000n, '0.10', '2022-12-31', '2023-12-31')).toBe(10_000n);
    expect(unwinding(100_000n, '0.10', '2023-12-31', '2024-12-31')).toBe(10_029n);
    expect(unwinding(0n, '0.10', '2022-12-31', '2023-12-31')).toBe(0n);
  });
});
