import type { AgeingScheme, LocalDate } from '@app/credit-domain';
import { BUILT_IN_SCHEMES, addDays, classificationAt, debtorFactAt, outstandingAt } from '@app/credit-domain';
import type { EventStore, StoredEvent, Tx } from '@app/event-store';
import { Database } from '@app/event-store';
import { createTestDatabase } from '@app/testing';
import type { TestDatabase } from '@app/testing';
import { ExposureProcessor } from './project-exposure.processor';
import { readDebtorExposure, readExposure } from './read-exposure';
import { takeCheckpoints } from './take-checkpoints';
import type { Fact } from './two-dates.fixture';
import { Choices, addToCell, anyDay, assessedAt, nonZero, randomHistory, replay } from './two-dates.fixture';
import { readDebtorHistories, readHistories } from '../histories/read-histories';

/** Readings compared with a replay; the long run sets ARREARS_TWO_DATE_READINGS=100000. */
const READINGS = Number(process.env['ARREARS_TWO_DATE_READINGS'] ?? '3000');
const READINGS_PER_HISTORY = 100;
const SEED = Number(process.env['ARREARS_SEED'] ?? '20241231');

const SCHEMES: readonly AgeingScheme[] = BUILT_IN_SCHEMES.flatMap((scheme) => [scheme, { ...scheme, basis: 'invoice' as const }]);
const numberOf = (tenant: number, item: number): bigint => BigInt(tenant) * 1_000n + BigInt(item) + 1n;
const debtorId = (debtor: number): string => `D${String(debtor)}`;

/** Writes one fact as the imports would, at its place in the log. */
async function record(tx: Tx, tenant: number, fact: Fact, position: bigint, history: readonly Fact[]): Promise<void> {
  switch (fact.type) {
    case 'debtor':
      await tx.execute('INSERT INTO rc.debtor (tenant_id, debtor_no, debtor_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
        tenant,
        numberOf(tenant, fact.debtor),
        debtorId(fact.debtor),
      ]);
      await tx.execute(
        `INSERT INTO rc.debtor_fact (tenant_id, debtor_no, effective_on, position, segment, related_party, personal) VALUES ($1, $2, $3, $4, $5, $6, '{}')`,
        [tenant, numberOf(tenant, fact.debtor), fact.effectiveOn, position, fact.segment, fact.related],
      );
      return;
    case 'receivable':
      await tx.execute(
        `INSERT INTO rc.receivable (tenant_id, receivable_no, debtor_no, amount, position, outstanding, written_off, own_credit,
           recognised_on, invoiced_on, due_on, receivable_id, entity_id, kind, class, currency, document_no, content_hash)
         VALUES ($1, $2, $3, $4, $5, $4, 0, 0, $6, $7, $8, $9, $10, $11, $12, $13, '', '')`,
        [
          tenant,
          numberOf(tenant, fact.receivable),
          numberOf(tenant, fact.debtor),
          fact.amount,
          position,
          fact.recognisedOn,
          fact.invoicedOn,
          fact.dueOn,
          `R${String(fact.receivable)}`,
          fact.entityId,
          fact.kind,
          fact.class,
          fact.currency,
        ],
      );
      return;
    case 'movement': {
      const item = history.find((f) => f.type === 'receivable' && f.receivable === fact.receivable);
      if (item?.type !== 'receivable') throw new Error('a movement of no receivable');
      await tx.execute(
        `INSERT INTO rc.movement (tenant_id, receivable_no, debtor_no, position, gross, credit, recovered, effective_on, movement_id, entity_id, type, currency, content_hash)
         VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8, 'payment', $9, '')`,
        [
          tenant,
          numberOf(tenant, fact.receivable),
          numberOf(tenant, item.debtor),
          position,
          fact.gross,
          fact.effectiveOn,
          `M${String(position)}`,
          item.entityId,
          item.currency,
        ],
      );
      return;
    }
    case 'reclassification':
      await tx.execute(
        `INSERT INTO rc.reclassification (tenant_id, receivable_no, position, effective_on, movement_id, entity_id, kind, class, invoiced_on, due_on, document_no)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')`,
        [
          tenant,
          numberOf(tenant, fact.receivable),
          position,
          fact.effectiveOn,
          `C${String(position)}`,
          fact.entityId,
          fact.kind,
          fact.class,
          fact.invoicedOn,
          fact.dueOn,
        ],
      );
      return;
    case 'assessment':
      return;
  }
}

/** The log as the projection sees it: approved assessments between two positions. */
const assessmentsOf = (history: readonly Fact[]): Pick<EventStore, 'readAfter'> => ({
  readAfter: (_tx, after, upTo) =>
    Promise.resolve(
      history.flatMap((fact, index) => {
        const position = BigInt(index + 1);
        if (fact.type !== 'assessment' || position <= after || position > upTo) return [];
        const { effectiveOn, entityId, release } = fact;
        const data = {
          debtorId: debtorId(fact.debtor),
          effectiveOn,
          entityId,
          kinds: fact.kinds === null ? null : [...fact.kinds],
          release,
        };
        return [{ type: 'IndividualAssessmentApproved', position, data } as unknown as StoredEvent];
      }),
    ),
});

const show = (cells: ReadonlyMap<string, bigint>): string =>
  [...cells]
    .filter(([, amount]) => amount !== 0n)
    .sort()
    .map(([key, amount]) => `${key}=${String(amount)}`)
    .join(' ');

describe('two dates', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = new Database({ connectionString: testDatabase.ownerUrl, role: 'arrears_worker', applicationName: 'two-dates' });
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  it(
    'gives on any date, as known at any moment, the balances a full replay gives, or an old year-end could never be shown again',
    async () => {
      const wrong: string[] = [];
      let readings = 0;
      for (let tenant = 1; readings < READINGS; tenant++) {
        const choices = new Choices(SEED + tenant);
        const history = randomHistory(choices, 20 + choices.below(80));
        await load(tenant, history, choices);
        for (let i = 0; i < READINGS_PER_HISTORY && readings < READINGS; i++) {
          readings += 1;
          const known = choices.below(history.length + 1);
          const asOf = choices.chance(20) ? addDays(anyDay(choices), 400) : anyDay(choices);
          const scheme = choices.of(SCHEMES);
          const difference = await compare(tenant, history, known, asOf, scheme, choices.chance(10));
          if (difference !== undefined)
            wrong.push(`seed ${String(SEED + tenant)} asOf ${asOf} known ${String(known)} ${scheme.id}: ${difference}`);
        }
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      process.stdout.write(`two dates: ${String(readings)} readings compared with a replay, ${String(wrong.length)} wrong\n`);
    },
    60 * 60_000,
  );

  /** Records a history and projects it in pages cut at random, taking checkpoints between them. */
  async function load(tenant: number, history: readonly Fact[], choices: Choices): Promise<void> {
    const processor = new ExposureProcessor(assessmentsOf(history) as EventStore, () => Promise.resolve());
    const spacing = choices.of([3, 8, 1_000]);
    await database.transaction(tenant, async (tx) => {
      for (const [index, fact] of history.entries()) await record(tx, tenant, fact, BigInt(index + 1), history);
    });
    let after = 0;
    const projectPage = async (): Promise<void> => {
      const upTo = Math.min(history.length, after + 1 + choices.below(25));
      await database.transaction(tenant, (tx) => processor.apply(tx, { tenantId: tenant, after: BigInt(after), upTo: BigInt(upTo) }));
      after = upTo;
    };
    // Facts that come in while the entries are being folded are in no checkpoint, and must be found all the same.
    const interrupted = Object.assign(Object.create(database) as Database, {
      transaction: database.transaction.bind(database),
      read: async <T>(tenantId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> => {
        const result = await database.read(tenantId, work);
        if (after < history.length) await projectPage();
        return result;
      },
    });
    while (after < history.length) {
      await projectPage();
      if (!choices.chance(30)) continue;
      await takeCheckpoints(choices.chance(50) ? database : interrupted, tenant, { spacing, lateMax: choices.of([0, 2, 5]) });
    }
  }

  async function compare(
    tenant: number,
    history: readonly Fact[],
    known: number,
    asOf: LocalDate,
    scheme: AgeingScheme,
    byDebtor: boolean,
  ): Promise<string | undefined> {
    const reading = { tenantId: tenant, asOf, position: BigInt(known), scheme };
    const cells = await database.read(tenant, (tx) => (byDebtor ? readDebtorExposure(tx, reading) : readExposure(tx, reading)));
    const got = new Map<string, bigint>();
    for (const c of cells) {
      const key = [c.entityId, c.kind, c.class, c.segment, c.related, c.assessed, c.currency, c.bucket].join('|');
      got.set(key, (got.get(key) ?? 0n) + c.amount);
    }
    const want = replay(history, known, asOf, scheme);
    const one = await oneByOne(tenant, history, known, asOf, scheme);
    if (show(one) !== show(want)) return `one by one ${show(one)} want ${show(want)}`;
    return show(got) === show(want) ? undefined : `got ${show(got)} want ${show(want)}`;
  }

  /** The second reader: receivable by receivable, through what the book keeps of each and the pure rules. */
  async function oneByOne(
    tenant: number,
    history: readonly Fact[],
    known: number,
    asOf: LocalDate,
    scheme: AgeingScheme,
  ): Promise<Map<string, bigint>> {
    const at = { asOf, position: BigInt(known) };
    const { items, debtors } = await database.read(tenant, async (tx) => ({
      items: (await readHistories(tx, tenant, { position: at.position })).items,
      debtors: new Map((await readDebtorHistories(tx, tenant, { position: at.position })).map((debtor) => [debtor.debtorNo, debtor])),
    }));
    const facts = history.slice(0, known);
    const cells = new Map<string, bigint>();
    for (const item of items) {
      const balance = outstandingAt(item, at);
      const place = classificationAt(item, at);
      const debtorHistory = debtors.get(item.debtorNo);
      const debtor = debtorHistory === undefined ? null : debtorFactAt(debtorHistory, at);
      if (place === null || debtor === null) throw new Error(`receivable ${item.receivableId} has no place or no debtor`);
      addToCell(cells, {
        ...place,
        ...{ segment: debtor.segment, related: debtor.relatedParty },
        assessed: assessedAt(facts, Number(item.debtorNo - BigInt(tenant) * 1_000n - 1n), place, asOf),
        ...{ currency: item.currency, recognisedOn: item.recognisedOn, balance, asOf, scheme },
      });
    }
    return nonZero(cells);
  }
});
