import { Database, EventStore, registerEventTypes } from '@app/event-store';
import type { RequestContext } from '@app/platform';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import { randomUUID } from 'node:crypto';
import { cell, flatRates, queriesOn, SCHEME } from '../book.fixture';
import { ProposeCreditEnhancementCommand } from '../credit-enhancements/propose-credit-enhancement.command';
import { ProposeCreditEnhancementHandler } from '../credit-enhancements/propose-credit-enhancement.handler';
import { newEvent } from '../event-data';
import { events } from '../events';
import { ProposeForwardLookingSetCommand } from '../forward-looking/propose-forward-looking-set.command';
import { ProposeForwardLookingSetHandler } from '../forward-looking/propose-forward-looking-set.handler';
import { ProposeLossRatesCommand, type LossRateProposal } from '../loss-rate-sets/propose-loss-rates.command';
import { ProposeLossRatesHandler } from '../loss-rate-sets/propose-loss-rates.handler';
import { ProposeOverlayCommand, type OverlayProposal } from '../overlays/propose-overlay.command';
import { ProposeOverlayHandler } from '../overlays/propose-overlay.handler';
import { ProposeStageAssignmentCommand, ProposeStagingPolicyCommand } from '../staging/staging.commands';
import { ProposeStageAssignmentHandler, ProposeStagingPolicyHandler } from '../staging/staging.handlers';
import { ApprovePolicyCommand, WithdrawPolicyCommand } from './approve-policy.command';
import { ApprovePolicyHandler, WithdrawPolicyHandler } from './approve-policy.handler';
import { ListApprovalsHandler, ListPoliciesHandler } from './policies.handler';
import { ListApprovalsQuery, ListPoliciesQuery } from './policies.query';
import type { PolicyCollection } from './policy-types';
import { readPolicy } from './read-policy';

const [MAKER, CHECKER, OTHER] = [randomUUID(), randomUUID(), randomUUID()];
const queries = queriesOn({ cells: [cell({ debtorId: 'D1' }), cell({ debtorId: 'D2', entityId: 'hk' })] });

let testDatabase: TestDatabase;
let database: Database;
let store: EventStore;
let tenant = 50;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ schemas: ['pf'] });
  await registerEventTypes(testDatabase.ownerUrl, events);
  database = new Database({ connectionString: testDatabase.workerUrl, applicationName: 'policy-test' });
  store = new EventStore(database, events);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(() => {
  tenant += 1;
});

const by = (principalId: string): RequestContext => ({
  ...{ tenantId: tenant, principalId, roles: [], correlationId: randomUUID() },
  newId: () => randomUUID(),
});

const proposeRates = (over: Partial<LossRateProposal> & { rate?: string } = {}, principal = MAKER) => {
  const { rate = '0.1', ...rest } = over;
  const proposal = { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-12-31', rates: flatRates(rate), ...rest };
  return new ProposeLossRatesHandler(store, queries).execute(new ProposeLossRatesCommand(by(principal), proposal));
};
const proposeOverlay = (over: Partial<OverlayProposal> = {}) =>
  new ProposeOverlayHandler(store, queries).execute(
    new ProposeOverlayCommand(by(MAKER), {
      ...{ id: undefined, kind: 'trade', entityId: null, class: null, segment: null, amount: 5_000n, currency: 'CNY' },
      ...{ effectiveOn: '2024-12-01', expiresOn: '2025-03-31', reason: 'flood' },
      ...over,
    }),
  );
const approve = (collection: PolicyCollection, id: string, contentHash?: string, principal = CHECKER) =>
  new ApprovePolicyHandler(store).execute(new ApprovePolicyCommand(by(principal), collection, { id, contentHash }));
const withdraw = (collection: PolicyCollection, id: string) =>
  new WithdrawPolicyHandler(store).execute(new WithdrawPolicyCommand(by(OTHER), collection, { id, reason: 'mistyped' }));
const list = <Collection extends PolicyCollection>(collection: Collection, asOf = '2024-12-31', knownAt?: string) =>
  new ListPoliciesHandler(store).execute(new ListPoliciesQuery(tenant, collection, { asOf, knownAt }));
const waiting = () => new ListApprovalsHandler(store).execute(new ListApprovalsQuery(tenant, {}));
const head = async () => (await database.read(tenant, (tx) => store.latestSettled(tx))).position;
const policyNow = async () => {
  const position = await head();
  return database.read(tenant, (tx) => readPolicy(store, tx, position));
};

/** Refused by its code, and the log stands where it stood. */
async function refused(code: string, attempt: () => Promise<unknown>): Promise<void> {
  const before = await head();
  await expect(attempt()).rejects.toMatchObject({ code });
  expect(await head()).toBe(before);
}

/** Closes a period, and answers how two people reopen it. */
async function closePeriod(through: string, entityId: string | null = null): Promise<() => Promise<void>> {
  const key = randomUUID();
  const scope = { closeId: key, through, entityId };
  const signed = { ...scope, contentHash: 'a'.repeat(64), approvedBy: CHECKER };
  const append = async (expectedVersion: number, recorded: ReturnType<typeof newEvent>[]): Promise<void> => {
    const context = { tenantId: tenant, principalId: CHECKER, correlationId: randomUUID() };
    const { lastPosition } = await store.appendSingle(context, { category: 'period', key, expectedVersion, events: recorded });
    await store.settle(lastPosition);
  };
  await append(0, [
    newEvent('PeriodCloseProposed', through, { ...scope, runId: null, runHash: null }),
    newEvent('PeriodCloseApproved', through, signed),
  ]);
  return () =>
    append(2, [newEvent('PeriodReopenProposed', through, { ...scope, reason: 'r' }), newEvent('PeriodReopenApproved', through, signed)]);
}

describe('a proposal', () => {
  it('changed while it waits cannot be approved by who looked at it before, or nobody would have seen what is in force', async () => {
    const first = await proposeRates({ id: 'fy24' });
    const changed = await proposeRates({ id: 'fy24', rate: '0.9' });
    expect(changed.contentHash).not.toBe(first.contentHash);
    await refused('content-changed', () => approve('loss-rate-sets', 'fy24', first.contentHash));
    expect(await approve('loss-rate-sets', 'fy24', changed.contentHash)).toEqual({
      ...{ id: 'fy24', status: 'approved', contentHash: changed.contentHash },
    });
    expect((await policyNow()).lossRateSets).toMatchObject([{ setId: 'fy24', rates: flatRates('0.9') }]);
    const [, , approval] = await database.read(tenant, (tx) => store.readStream(tx, 'loss-rate-set', 'fy24'));
    expect(approval?.data).toMatchObject({ contentHash: changed.contentHash, approvedBy: CHECKER });
  });

  it('changed by somebody else needs yet another principal: its author is whoever wrote what is approved', async () => {
    await proposeRates({ id: 'fy24' });
    await proposeRates({ id: 'fy24', rate: '0.9' }, CHECKER);
    await refused('four-eyes', () => approve('loss-rate-sets', 'fy24'));
    expect(await approve('loss-rate-sets', 'fy24', undefined, MAKER)).toMatchObject({ status: 'approved' });
  });

  it('withdrawn is out of the inbox, is never approved, and its id is not used for something else', async () => {
    const { id } = await proposeOverlay({ id: 'flood' });
    expect((await waiting()).items).toMatchObject([{ collection: 'overlays', id, change: expect.stringContaining('50.00 CNY') as string }]);
    expect(await withdraw('overlays', id)).toMatchObject({ status: 'withdrawn' });
    expect(await withdraw('overlays', id)).toMatchObject({ status: 'withdrawn' });
    expect((await waiting()).items).toEqual([]);
    await refused('proposal-withdrawn', () => approve('overlays', id));
    await refused('conflict', () => proposeOverlay({ id: 'flood' }));
    expect((await list('overlays')).items).toMatchObject([{ status: 'withdrawn', withdrawnBy: OTHER, inForce: false }]);
    expect((await policyNow()).overlays).toEqual([]);
  });

  it('that is approved stays: what runs were computed with cannot be taken back', async () => {
    const { id } = await proposeOverlay();
    await approve('overlays', id);
    await refused('already-approved', () => withdraw('overlays', id));
    await refused('overlay-not-found', () => withdraw('overlays', 'nobody'));
    await refused('overlay-not-found', () => approve('overlays', 'nobody'));
  });
});

describe('two sets of rates for one day', () => {
  it('are not both approved unless the later says which it replaces', async () => {
    await approve('loss-rate-sets', (await proposeRates({ id: 'a' })).id);
    const second = await proposeRates({ id: 'b', rate: '0.2' });
    expect(second.warnings).toMatchObject([{ code: 'effective-date-overlap' }]);
    expect((await waiting()).items).toMatchObject([{ id: 'b', overlapsWith: 'a' }]);
    await refused('effective-date-overlap', () => approve('loss-rate-sets', 'b'));
    await refused('replaced-policy-unknown', () => proposeRates({ id: 'b', rate: '0.2', replaces: 'nobody' }));
    expect(await proposeRates({ id: 'b', rate: '0.2', replaces: 'a' })).toMatchObject({ status: 'proposed', warnings: [] });
    await approve('loss-rate-sets', 'b');
    expect((await list('loss-rate-sets')).items.map(({ id, inForce }) => [id, inForce])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('approved at the same moment by two people end as one approval and one refusal', async () => {
    const ids = await Promise.all(['0.1', '0.2', '0.3'].map(async (rate) => (await proposeRates({ rate })).id));
    const outcomes = await Promise.allSettled(ids.map((id) => approve('loss-rate-sets', id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'effective-date-overlap' });
    }
    expect((await policyNow()).lossRateSets).toHaveLength(1);
  });

  it('with the same rates are no contradiction', async () => {
    await approve('loss-rate-sets', (await proposeRates({ id: 'a' })).id);
    expect(await proposeRates({ id: 'b' })).toMatchObject({ warnings: [] });
    expect(await approve('loss-rate-sets', 'b')).toMatchObject({ status: 'approved' });
  });
});

describe('a closed period', () => {
  it('lets no policy take effect in it, proposed before or after, until two people reopen it; withdrawing is always possible', async () => {
    const before = await proposeRates({ id: 'before', effectiveOn: '2024-11-30' });
    const approved = await proposeOverlay({ id: 'kept', effectiveOn: '2024-11-30' });
    await approve('overlays', approved.id);
    const reopen = await closePeriod('2024-12-31');
    await refused('period-closed', () => approve('loss-rate-sets', before.id));
    await refused('period-closed', () => proposeRates({ id: 'after' }));
    await refused('period-closed', () => proposeOverlay());
    expect(await proposeRates({ id: 'next', effectiveOn: '2025-01-01' })).toMatchObject({ status: 'proposed' });
    // What was decided before the close is repeated, not decided again.
    expect(await approve('overlays', approved.id)).toMatchObject({ status: 'approved' });
    expect(await proposeRates({ id: 'before', effectiveOn: '2024-11-30' })).toMatchObject({ status: 'proposed' });
    await reopen();
    expect(await approve('loss-rate-sets', before.id)).toMatchObject({ status: 'approved' });
    await closePeriod('2024-12-31');
    expect(await withdraw('loss-rate-sets', 'next')).toMatchObject({ status: 'withdrawn' });
  });

  it('of one entity refuses what would take effect there, and what would take effect everywhere', async () => {
    await closePeriod('2024-12-31', 'hk');
    await refused('period-closed', () => proposeOverlay({ entityId: 'hk' }));
    await refused('period-closed', () => proposeOverlay());
    expect(await proposeOverlay({ entityId: 'main' })).toMatchObject({ status: 'proposed' });
  });
});

describe('every kind of policy', () => {
  const staging = (over: { kind?: string; sicrDays?: number } = {}) =>
    new ProposeStagingPolicyHandler(store).execute(
      new ProposeStagingPolicyCommand(by(MAKER), {
        ...{ id: 'stages', kind: 'other', effectiveOn: '2024-01-01', sicrDays: 30, defaultDays: 90, rebuttalReason: null },
        ...{ probationDays: 0, replaces: null },
        parameters: [
          {
            ...{ class: '*', segment: '*', pd12Months: '0.02', pdLifetime: '0.1', lgd: '0.6' },
            ...{ effectiveRate: null, recoveryMonths: null, term: null },
          },
        ],
        ...over,
      }),
    );
  const assignment = (debtorId = 'D1') =>
    new ProposeStageAssignmentHandler(store, queries).execute(
      new ProposeStageAssignmentCommand(by(MAKER), {
        ...{ id: undefined, debtorId, kinds: null, entityId: null, stage: 3, effectiveOn: '2024-06-30', endsOn: null, reason: 'filed' },
      }),
    );
  const scenarios = (weight = '1') =>
    new ProposeForwardLookingSetHandler(store).execute(
      new ProposeForwardLookingSetCommand(by(MAKER), {
        ...{
          id: undefined,
          kind: 'trade',
          effectiveOn: '2024-06-30',
          keepFullRates: true,
          driverWorsened: true,
          reason: 'GDP',
          replaces: null,
        },
        scenarios: [{ name: 'base', weight, scalar: '0.9' }],
      }),
    );
  const cover = (debtorId = 'D1') =>
    new ProposeCreditEnhancementHandler(store, queries).execute(
      new ProposeCreditEnhancementCommand(by(MAKER), {
        ...{ id: undefined, debtorId, kinds: null, entityId: null, type: 'insurance', integral: true, limit: 1_000n, currency: 'CNY' },
        ...{
          coveredShare: '0.9',
          deductible: 0n,
          providerLossRate: '0.01',
          effectiveOn: '2024-06-30',
          expiresOn: '2025-06-30',
          reason: 'p',
        },
      }),
    );

  it('counts for runs from its approval on and not a position sooner, whatever was proposed', async () => {
    const made: [PolicyCollection, { id: string }][] = [
      ['staging-policies', await staging()],
      ['stage-assignments', await assignment()],
      ['forward-looking-sets', await scenarios()],
      ['overlays', await proposeOverlay()],
      ['credit-enhancements', await cover()],
      ['loss-rate-sets', await proposeRates()],
    ];
    expect((await waiting()).items.map(({ collection }) => collection)).toEqual(made.map(([collection]) => collection));
    const proposedAt = await head();
    const empty = { lossRateSets: [], assessments: [], stagingPolicies: [], stageAssignments: [], forwardLookingSets: [] };
    expect(await policyNow()).toEqual({ ...empty, overlays: [], enhancements: [] });
    for (const [collection, { id }] of made) {
      await expect(approve(collection, id, undefined, MAKER)).rejects.toMatchObject({ code: 'four-eyes' });
      await approve(collection, id);
    }
    const policy = await policyNow();
    expect(policy).toMatchObject({
      stagingPolicies: [{ policyId: 'stages', kind: 'other' }],
      stageAssignments: [{ debtorId: 'D1', stage: 3 }],
      forwardLookingSets: [{ kind: 'trade' }],
      overlays: [{ amount: 5_000n, currency: 'CNY' }],
      enhancements: [{ limit: 1_000n, deductible: 0n }],
      lossRateSets: [{ kind: 'trade' }],
    });
    expect(policy.overlays[0]?.approvedAt).toBeGreaterThan(proposedAt);
    expect(await database.read(tenant, (tx) => readPolicy(store, tx, proposedAt))).toMatchObject({ overlays: [], stagingPolicies: [] });
    expect((await waiting()).items).toEqual([]);
    for (const [collection] of made) expect((await list(collection)).items).toMatchObject([{ status: 'approved', inForce: true }]);
  });

  it('tells of a finding without refusing, and says what is wrong by its code when it does', async () => {
    expect((await scenarios()).warnings).toMatchObject([{ code: 'driver-worsened-scalar-below-one' }]);
    await refused('weights-not-one', () => scenarios('0.9'));
    await refused('general-approach-not-allowed', () => staging({ kind: 'trade' }));
    await refused('kind-without-ecl', () => staging({ kind: 'non_financial' }));
    await refused('rebuttal-reason-missing', () => staging({ sicrDays: 60 }));
    await refused('debtor-unknown', () => assignment('nobody'));
    await refused('debtor-unknown', () => cover('nobody'));
    await refused('entity-unknown', () => proposeOverlay({ entityId: 'nowhere' }));
    await refused('policy-invalid', () => proposeOverlay({ expiresOn: '2024-11-30' }));
  });

  it('that has an end shows as expired the day after, and a later assignment of the debtor takes the place of the earlier', async () => {
    const overlay = await proposeOverlay();
    await approve('overlays', overlay.id);
    const inForce = async (asOf: string) => (await list('overlays', asOf)).items.map((each) => each.inForce);
    expect([await inForce('2024-11-30'), await inForce('2024-12-01'), await inForce('2025-03-31'), await inForce('2025-04-01')]).toEqual([
      ...[[false], [true], [true], [false]],
    ]);
    for (const { id } of [await assignment(), await assignment()]) await approve('stage-assignments', id);
    expect((await list('stage-assignments')).items.filter((each) => each.inForce)).toHaveLength(1);
  });
});
