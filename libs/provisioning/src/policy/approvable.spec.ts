import type { StoredEvent } from '@app/event-store';
import fc from 'fast-check';
import { flatRates, SCHEME } from '../book.fixture';
import {
  contentHashOf,
  decideApproval,
  decideProposal,
  decideWithdrawal,
  overlapOf,
  type ApprovedPolicy,
  type PolicyState,
} from './approvable';
import { approvedPolicies, foldPolicies } from './approvable.fold';
import { creditEnhancements } from './credit-enhancement.fold';
import { forwardLookingSets } from './forward-looking-set.fold';
import { individualAssessments } from './individual-assessment.fold';
import { lossRateSets, type ProposedLossRates } from './loss-rate-set.fold';
import { overlays } from './overlay.fold';
import { stageAssignments } from './stage-assignment.fold';
import { stagingPolicies } from './staging-policy.fold';

const set = (over: Partial<ProposedLossRates> = {}): ProposedLossRates => ({
  ...{ setId: 'S', kind: 'trade', scheme: SCHEME, effectiveOn: '2024-12-31', rates: flatRates('0.1'), evidence: null, replaces: null },
  ...over,
});

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

let position = 0n;
const stored = (over: Partial<StoredEvent> & Pick<StoredEvent, 'type' | 'data'>): StoredEvent => {
  position += 1n;
  return {
    ...{ tenantId: 1, position, streamId: 1n, category: 'any', key: 'S', version: 1, schemaVersion: 1, effectiveOn: '2024-12-31' },
    ...{ recordedAt: new Date('2025-01-15T00:00:00Z'), principalId: 'maker', correlationId: 'c', causationPosition: null },
    ...{ sourceId: null, sourceRow: null },
    ...over,
  };
};
const proposedSet = (content: ProposedLossRates, over: Partial<StoredEvent> = {}): StoredEvent =>
  stored({ ...lossRateSets.proposedEvent(content), key: content.setId, ...over });
const approvedSet = (content: ProposedLossRates): StoredEvent =>
  stored({
    ...lossRateSets.approvedEvent(content, { contentHash: contentHashOf(lossRateSets.proposedEvent(content).data), approvedBy: 'checker' }),
    ...{ key: content.setId, version: 2, principalId: 'checker' },
  });
const only = <Content>(states: readonly PolicyState<Content>[]): PolicyState<Content> => {
  const [state] = states;
  if (state === undefined || states.length > 1) throw new Error('expected one policy');
  return state;
};
const proposed = only(foldPolicies(lossRateSets, [proposedSet(set())]));
const approved = only(foldPolicies(lossRateSets, [proposedSet(set()), approvedSet(set())]));
const withdrawn = only(
  foldPolicies(lossRateSets, [
    proposedSet(set()),
    stored({
      ...lossRateSets.withdrawnEvent(set(), { contentHash: proposed.contentHash, withdrawnBy: 'maker', reason: null }),
      version: 2,
    }),
  ]),
);

describe('a content hash', () => {
  it('is the same for a set proposed before evidence and replacement were kept, or its approval would be refused after the upgrade', () => {
    const { evidence: _evidence, replaces: _replaces, ...before } = lossRateSets.proposedEvent(set()).data;
    const old = only(foldPolicies(lossRateSets, [stored({ type: 'LossRateSetProposed', data: before })]));
    expect(old.contentHash).toBe(proposed.contentHash);
    expect(old.content).toEqual(set());
  });

  it('is another for every change of the content, however small or deep', () => {
    const variants = [
      set({ rates: flatRates('0.10') }),
      set({ effectiveOn: '2024-12-30' }),
      set({ scheme: 'x' }),
      set({ evidence: { method: 'm', window: 'w', sampleSize: 1, url: null } }),
      set({ replaces: 'R' }),
    ];
    const hashes = [set(), ...variants].map((each) => contentHashOf(lossRateSets.proposedEvent(each).data));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not depend on the order of members nor on members that say nothing', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), fc.string({ minLength: 1 }), (data, name) => {
        const reversed = Object.fromEntries(Object.entries(data).reverse());
        const hash = contentHashOf(data);
        expect(contentHashOf(reversed)).toBe(hash);
        if (!Object.hasOwn(data, name)) expect(contentHashOf({ ...data, [name]: null })).toBe(hash);
      }),
    );
  });
});

describe('deciding on a proposal', () => {
  const hash = proposed.contentHash;

  it('repeats what is there, replaces what waits, and never touches what runs name by id', () => {
    expect(decideProposal(lossRateSets, proposed, hash)).toBe('repeat');
    expect(decideProposal(lossRateSets, proposed, 'other')).toBe('record');
    expect(decideProposal(lossRateSets, approved, hash)).toBe('repeat');
    expect(() => decideProposal(lossRateSets, approved, 'other')).toThrow(refused('conflict'));
    expect(() => decideProposal(lossRateSets, withdrawn, hash)).toThrow(refused('conflict'));
  });

  it('needs another principal, and the content that was looked at', () => {
    const approve = (state: typeof proposed, principalId: string, contentHash?: string) => () =>
      decideApproval(lossRateSets, state, { principalId, contentHash });
    expect(approve(proposed, 'checker')()).toBe('record');
    expect(approve(proposed, 'checker', hash)()).toBe('record');
    expect(approve(approved, 'checker', hash)()).toBe('repeat');
    expect(approve(proposed, 'maker', hash)).toThrow(refused('four-eyes'));
    expect(approve(proposed, 'checker', '0'.repeat(64))).toThrow(refused('content-changed'));
    expect(approve(approved, 'checker', '0'.repeat(64))).toThrow(refused('content-changed'));
    expect(approve(withdrawn, 'checker', hash)).toThrow(refused('proposal-withdrawn'));
  });

  it('takes back only what nobody relies on yet', () => {
    expect(decideWithdrawal(lossRateSets, proposed)).toBe('record');
    expect(decideWithdrawal(lossRateSets, withdrawn)).toBe('repeat');
    expect(() => decideWithdrawal(lossRateSets, approved)).toThrow(refused('already-approved'));
  });

  it('looks at the latest version of it and at whoever wrote that one', () => {
    const changed = proposedSet(set({ rates: flatRates('0.2') }), { version: 2, principalId: 'second' });
    const state = only(foldPolicies(lossRateSets, [proposedSet(set()), changed]));
    expect(state).toMatchObject({ status: 'proposed', version: 2, proposedBy: 'second', content: { rates: flatRates('0.2') } });
    expect(state.contentHash).not.toBe(hash);
  });

  it('before anything was proposed is a broken log and stops the reading', () => {
    expect(() => foldPolicies(lossRateSets, [approvedSet(set())])).toThrow('before it was proposed');
  });
});

describe('two policies of one day', () => {
  const approvedOf = (...sets: ProposedLossRates[]): ApprovedPolicy<ProposedLossRates>[] =>
    approvedPolicies(
      foldPolicies(
        lossRateSets,
        sets.flatMap((each) => [proposedSet(each), approvedSet(each)]),
      ),
    );

  it('contradict each other when they say otherwise for the same kind, scheme and day, unless the later names the earlier', () => {
    const rival = (content: ProposedLossRates) => overlapOf(lossRateSets, content, approvedOf(set({ setId: 'OLD' })))?.id ?? null;
    const other = flatRates('0.2');
    expect(rival(set({ rates: other }))).toBe('OLD');
    expect(rival(set({ rates: other, replaces: 'OLD' }))).toBeNull();
    expect(rival(set({ rates: flatRates('0.10') }))).toBeNull();
    expect(rival(set({ rates: [...flatRates('0.1')].reverse() }))).toBeNull();
    expect(rival(set({ rates: other, effectiveOn: '2025-01-01' }))).toBeNull();
    expect(rival(set({ rates: other, kind: 'other' }))).toBeNull();
    expect(rival(set({ rates: other, scheme: 'x' }))).toBeNull();
  });

  it('are held against the one that holds now: replacing what was replaced before is a contradiction to its successor', () => {
    const chain = approvedOf(set({ setId: 'A' }), set({ setId: 'B', rates: flatRates('0.2'), replaces: 'A' }));
    expect(overlapOf(lossRateSets, set({ setId: 'C', rates: flatRates('0.3'), replaces: 'A' }), chain)?.id).toBe('B');
    expect(overlapOf(lossRateSets, set({ setId: 'C', rates: flatRates('0.3'), replaces: 'B' }), chain)).toBeNull();
  });
});

describe('what is stored', () => {
  it('gives every kind of policy back as it was proposed, amounts beyond a double and all', () => {
    const reason = 'r';
    const contents = [
      [lossRateSets, set({ evidence: { method: 'roll-rate', window: '2022/2024', sampleSize: 12, url: 'https://x' }, replaces: 'R' })],
      [
        individualAssessments,
        {
          ...{ assessmentId: 'S', debtorId: 'D', effectiveOn: '2024-12-31', endsOn: '2025-12-31', kinds: ['trade'], entityId: 'main' },
          ...{ lossRate: null, scenarioCurrency: 'CNY', discountRate: '0.05', reason, evidence: 'file 7', release: false },
          scenarios: [{ probability: '1', cashFlows: [{ on: '2025-06-30', amount: 9_007_199_254_740_993n }] }],
        },
      ],
      [
        stagingPolicies,
        {
          ...{
            policyId: 'S',
            kind: 'other',
            effectiveOn: '2024-12-31',
            sicrDays: 30,
            defaultDays: 90,
            rebuttalReason: null,
            probationDays: 9,
          },
          parameters: [
            {
              ...{
                class: '*',
                segment: 'x',
                pd12Months: '0.1',
                pdLifetime: '0.2',
                lgd: '0.5',
                effectiveRate: '0.05',
                recoveryMonths: null,
              },
              term: [{ months: 12, marginalPd: '0.1', lgd: '0.5', exposureShare: '1' }],
            },
          ],
          replaces: null,
        },
      ],
      [
        stageAssignments,
        { assignmentId: 'S', debtorId: 'D', kinds: ['other'], entityId: null, stage: 3, effectiveOn: '2024-12-31', endsOn: null, reason },
      ],
      [
        forwardLookingSets,
        {
          ...{ setId: 'S', kind: 'trade', effectiveOn: '2024-12-31', keepFullRates: true, driverWorsened: null, reason, replaces: null },
          scenarios: [{ name: 'base', weight: '1', scalar: '1.1' }],
        },
      ],
      [
        overlays,
        {
          ...{
            overlayId: 'S',
            kind: 'trade',
            entityId: null,
            class: null,
            segment: 'std',
            amount: -9_007_199_254_740_993n,
            currency: 'CNY',
          },
          ...{ effectiveOn: '2024-12-31', expiresOn: '2025-12-31', reason },
        },
      ],
      [
        creditEnhancements,
        {
          ...{
            enhancementId: 'S',
            debtorId: 'D',
            kinds: null,
            entityId: null,
            type: 'insurance',
            integral: true,
            limit: null,
            currency: 'CNY',
          },
          ...{ coveredShare: '0.9', deductible: 9_007_199_254_740_993n, providerLossRate: '0.01', effectiveOn: '2024-12-31' },
          ...{ expiresOn: '2025-12-31', reason },
        },
      ],
    ] as const;
    for (const [type, content] of contents) {
      const by = { contentHash: 'a'.repeat(64), approvedBy: 'checker' };
      const log = [type.proposedEvent(content as never), type.approvedEvent(content as never, by)].map((event) => stored(event));
      expect(only(foldPolicies<unknown>(type, log))).toMatchObject({ status: 'approved', content });
      expect(type.inWords(content as never, [])).toMatch(/2024-12-31/);
    }
  });
});
