import { Client } from 'pg';
import { VERIFICATION_LIMITS } from '../libs/provisioning/src/verify/verification.handlers';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Run {
  readonly id: string;
  readonly status: string;
  readonly lifecycle: string | null;
  readonly hash: string;
  readonly position: number;
  readonly supersededBy: string | null;
}
interface Verified {
  readonly verified: boolean;
  readonly outcome: string;
  readonly recomputedHash: string | null;
  readonly logIntact: boolean | null;
  readonly alteredAt: { kind: string; position: number; stream: { category: string; key: string } | null; type: string | null } | null;
  readonly eventsChecked: number;
  readonly sealsChecked: number | null;
}

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';
const RECLASSIFICATIONS = 'movement_id,receivable_id,type,amount,effective_on,reference,to_kind,invoiced_on,due_on,document_no\n';
const FX = 'base,quote,rate,effective_on\n';

let app: StartedApp;
let maker: Caller;
let checker: Caller;
let superuser: Client;

beforeEach(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'auditor']);
  checker = await app.principal('checker', ['approver', 'manager']);
  superuser = new Client({ connectionString: process.env['DATABASE_URL'] });
  await superuser.connect();
}, 60_000);
afterEach(async () => {
  await superuser.end();
  await app.stop();
}, 30_000);

/** Segments, two currencies, a debtor that changes pool twice, one that is assessed, facts recorded in another order than they happened. */
async function book(): Promise<void> {
  await app.importCsv(
    maker,
    'debtors',
    `${DEBTORS}D1,One,a,false,CN,0,,,2020-01-01\nD2,Two,b,true,CN,0,,,2020-01-01\nD3,Three,b,false,CN,0,,,\n`,
  );
  const rows = Array.from({ length: 60 }, (_, index) => {
    const on = new Date(Date.UTC(2020, index % 58, 1 + (index % 27))).toISOString().slice(0, 10);
    return `R${String(index)},D${String(1 + (index % 3))},${index % 5 === 0 ? 'contract_asset' : 'trade'},${index % 7 === 0 ? 'USD' : 'CNY'},${String(100 + index)}.37,${on},${on},${index % 4 === 0 ? '' : on},N${String(index)}\n`;
  });
  await app.importCsv(maker, 'receivables', RECEIVABLES + rows.join(''));
  await app.importCsv(
    maker,
    'movements',
    `${MOVEMENTS}M1,R10,payment,50.00,2024-12-20,x\nM2,R11,payment,20.00,2025-01-20,x\nM3,R12,write_off,12.00,2024-11-30,x\n`,
  );
  await app.importCsv(
    maker,
    'movements',
    `${RECLASSIFICATIONS}RC1,R5,reclassify,,2024-10-31,billed,trade,2024-10-31,2025-01-31,B5\nRC2,R20,reclassify,,2023-05-31,billed,trade,2023-05-31,,B20\n`,
  );
  await app.importCsv(maker, 'debtors', `${DEBTORS}D2,Two,c,false,CN,0,,,2024-06-30\nD1,One,b,false,CN,0,,,2025-02-01\n`);
  await app.importCsv(maker, 'debtors', `${DEBTORS}D2,Two,a,true,CN,0,,,2024-03-31\n`);
  await app.importCsv(maker, 'fx-rates', `${FX}USD,CNY,6.9,2020-01-01\nUSD,CNY,7.1,2024-06-30\nUSD,CNY,7.3,2024-12-31\n`);
  await app.importCsv(maker, 'debtors', `${DEBTORS.trimEnd()},credit_impaired\nD1,One,a,false,CN,0,,,2024-11-30,true\n`);
  await app.importCsv(
    maker,
    'receivables',
    `${RECEIVABLES}O1,D1,other,CNY,90.00,2022-01-01,2022-01-01,2025-06-30,O1\nO2,D2,other,USD,80.00,2022-01-01,2022-01-01,2024-11-20,O2\n`,
  );
  const staging = await ok<{ id: string }>(
    maker('POST', '/v1/staging-policies', {
      kind: 'other',
      effectiveOn: '2020-01-01',
      parameters: [{ pd12Months: '0.04', pdLifetime: '0.2', lgd: '0.5' }],
    }),
  );
  await ok(checker('POST', `/v1/staging-policies/${staging.id}/approve`, {}));
  for (const kind of ['trade', 'contract_asset']) {
    const rates = LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: `0.${String(11 + index * 13)}` }));
    const { id } = await ok<{ id: string }>(
      maker('POST', '/v1/loss-rate-sets', { kind, scheme: SCHEME, effectiveOn: '2020-01-01', rates }),
    );
    await ok(checker('POST', `/v1/loss-rate-sets/${id}/approve`, {}));
  }
  const { id } = await ok<{ id: string }>(
    maker('POST', '/v1/individual-assessments', {
      debtorId: 'D3',
      kinds: ['trade'],
      effectiveOn: '2024-09-30',
      lossRate: '0.8',
      reason: 'liquidation',
    }),
  );
  await ok(checker('POST', `/v1/individual-assessments/${id}/approve`, {}));
}

async function run(body: object = {}): Promise<Run> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31', currency: 'CNY', ...body }));
  return finished<Run>(maker, `/v1/provision-runs/${id}`);
}
const verify = (id: string, query = '') => ok<Verified>(maker('GET', `/v1/provision-runs/${id}/verify${query}`));

async function inTheBackground(id: string): Promise<Verified> {
  const requested = await ok<{ id: string }>(maker('POST', `/v1/provision-runs/${id}/verify`, {}));
  const { status, result } = await finished<{ status: string; result: Verified }>(maker, `/v1/verifications/${requested.id}`);
  expect(status).toBe('completed');
  return result;
}

/** What somebody with the password of the database could do: the triggers that refuse it are switched off and on again. */
async function tamper(sql: string, params: readonly unknown[]): Promise<void> {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'es.event'::regclass`,
  );
  const tables = ['es.event', ...rows.map(({ name }) => name)];
  for (const table of tables) await superuser.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  const { rowCount } = await superuser.query(sql, [...params]);
  expect(rowCount).toBe(1);
  for (const table of tables) await superuser.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`);
}

describe('a sealed run', () => {
  it('is proved from the events alone: on every date the log gives the figures the read models gave, also when these are gone', async () => {
    await book();
    const runs = [];
    for (const asOf of ['2022-12-31', '2024-03-31', '2024-06-30', '2024-12-31', '2025-03-31']) runs.push(await run({ asOf }));
    for (const each of runs) {
      expect(await verify(each.id)).toMatchObject({
        verified: true,
        outcome: 'verified',
        recomputedHash: each.hash,
        logIntact: true,
        source: 'log',
      });
      expect(await verify(each.id, '?source=read-models')).toMatchObject({ verified: true, recomputedHash: each.hash, logIntact: null });
    }
    const last = runs.at(-1);
    await superuser.query('TRUNCATE rc.exposure_entry, rc.exposure_prefix, rc.exposure_checkpoint');
    expect(await verify(last?.id ?? '')).toMatchObject({ verified: true });
    expect(await verify(last?.id ?? '', '?source=read-models')).toMatchObject({ verified: false });
  }, 120_000);

  it('whose events were altered in the database fails and names the place: the auditor would sign what never happened', async () => {
    await book();
    const sealed = await run();
    expect(await inTheBackground(sealed.id)).toMatchObject({ verified: true, logIntact: true });
    const { rows } = await superuser.query<{ position: string }>(
      `SELECT e.position FROM es.event e JOIN es.stream s USING (tenant_id, stream_id) WHERE s.key = 'R7' AND e.version = 1`,
    );
    await tamper(`UPDATE es.event SET data = jsonb_set(data, '{amount}', '"1"') WHERE position = $1`, [rows[0]?.position]);
    const place = { position: Number(rows[0]?.position), stream: { category: 'receivable', key: 'R7' }, type: 'ReceivableRecognised' };
    const found = await verify(sealed.id);
    expect(found).toMatchObject({ verified: false, outcome: 'log-altered', logIntact: false, alteredAt: { kind: 'altered', ...place } });
    expect(await inTheBackground(sealed.id)).toMatchObject({ verified: false, outcome: 'log-altered', alteredAt: place });
    expect(await verify(sealed.id, '?source=read-models')).toMatchObject({ verified: true });
  }, 120_000);

  it('whose events were deleted fails and names the stream that lost one', async () => {
    await book();
    const sealed = await run();
    await tamper(
      `DELETE FROM es.event e USING es.stream s WHERE s.tenant_id = e.tenant_id AND s.stream_id = e.stream_id AND s.key = $1 AND e.version = 2`,
      ['R10'],
    );
    expect(await verify(sealed.id)).toMatchObject({
      verified: false,
      logIntact: false,
      alteredAt: { kind: 'deleted', stream: { category: 'receivable', key: 'R10' }, type: null },
    });
  }, 120_000);

  it('whose recorded figures were altered fails at the event that holds them, and cannot be approved', async () => {
    await book();
    const sealed = await run();
    await tamper(`UPDATE es.event SET data = jsonb_set(data, '{total,allowance}', '"1"') WHERE data->>'runId' = $1 AND version = 2`, [
      sealed.id,
    ]);
    expect(await verify(sealed.id)).toMatchObject({
      verified: false,
      outcome: 'log-altered',
      alteredAt: { stream: { category: 'provision-run', key: sealed.id }, type: 'ProvisionRunCompleted' },
    });
    expect(await checker('POST', `/v1/provision-runs/${sealed.id}/approve`, {})).toMatchObject({
      status: 409,
      json: { code: 'run-record-altered' },
    });
  }, 120_000);

  it('gives the same answer to several auditors at once', async () => {
    await book();
    const sealed = await run();
    const answers = await Promise.all([verify(sealed.id), verify(sealed.id), inTheBackground(sealed.id)]);
    for (const { verified, recomputedHash, eventsChecked } of answers) {
      expect({ verified, recomputedHash, eventsChecked }).toEqual({
        verified: true,
        recomputedHash: sealed.hash,
        eventsChecked: answers[0].eventsChecked,
      });
    }
  }, 120_000);

  it('on a book too big for one request is proved by asking again: who only knows this address still gets the verdict, of one verification', async () => {
    await book();
    const sealed = await run();
    const path = `/v1/provision-runs/${sealed.id}/verify`;
    const limits = [jest.replaceProperty(VERIFICATION_LIMITS, 'eventsAtOnce', 10)];
    try {
      const asked = await Promise.all([maker('GET', path), checker('GET', path), maker('GET', path)]);
      expect(asked.map(({ status }) => status)).toEqual([202, 202, 202]);
      const ids = new Set(asked.map(({ json }) => (json as { id: string }).id));
      expect(ids.size).toBe(1);
      const [id] = [...ids];
      await finished(maker, `/v1/verifications/${id ?? ''}`);
      const proved = await maker('GET', path);
      expect(proved).toMatchObject({
        status: 200,
        json: { id: sealed.id, verified: true, recomputedHash: sealed.hash, verificationId: id, position: sealed.position },
      });
      expect((proved.json as Verified).sealsChecked).not.toBeNull();
      limits.push(jest.replaceProperty(VERIFICATION_LIMITS, 'answersForMs', 0));
      const again = await maker('GET', path);
      expect(again.status).toBe(202);
      expect((again.json as { id: string }).id).not.toBe(id);
      await finished(maker, `/v1/verifications/${(again.json as { id: string }).id}`);
    } finally {
      for (const limit of limits) limit.restore();
    }
    expect(await maker('GET', path)).toMatchObject({ status: 200, json: { verified: true, verificationId: null } });
  }, 120_000);
});
