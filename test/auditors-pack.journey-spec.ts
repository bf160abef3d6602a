import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Item {
  readonly receivableId: string;
  readonly gross: Money;
  readonly allowance: Money;
  readonly cashAfter: Money;
  readonly lastCashOn: string | null;
  readonly bucket: string | null;
  readonly side: string;
  readonly stage: number | null;
}
interface Pack {
  readonly tieOut: { openItems: number; openItemsGross: Money; runGross: Money; difference: Money };
  readonly verification: { verified: boolean } | null;
  readonly controlTotals: readonly { account: string; difference: Money; explained: boolean }[];
  readonly individualAgainstMatrix: readonly { debtorId: string; difference: Money | null }[];
  readonly inputs: { policies: readonly { collection: string; id: string; proposedBy: string; approvedBy: string }[] };
  readonly sample: { population: Money; items: readonly (Item & { hits: number })[] };
  readonly openItems: readonly Item[];
}
interface Late {
  readonly items: readonly { type: string; stream: { key: string }; gross: Money | null }[];
  readonly next: string | null;
  readonly wouldHaveBeen: {
    readonly total: { gross: Money; allowance: Money; grossDifference: Money; allowanceDifference: Money };
    readonly inputsChanged: boolean;
  } | null;
}

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';

let app: StartedApp;
let maker: Caller;
let checker: Caller;

beforeEach(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'auditor']);
  checker = await app.principal('checker', ['approver', 'manager']);
  await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\nD2,Two,std,true,CN,0,,\nD3,Three,std,false,CN,0,,\n`);
  const rows = Array.from({ length: 30 }, (_, index) => {
    const on = `2024-${String(1 + (index % 12)).padStart(2, '0')}-10`;
    return `R${String(index)},D${String(1 + (index % 3))},trade,CNY,${String(10 + index)}.33,${on},${on},${on},${index === 0 ? '=cmd()' : `N${String(index)}`}\n`;
  });
  await app.importCsv(maker, 'receivables', RECEIVABLES + rows.join(''));
  const rates = LABELS.map((bucket, index) => ({ segment: '*', bucket, rate: `0.${String(13 + index * 7)}` }));
  const set = await ok<{ id: string }>(
    maker('POST', '/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2020-01-01', rates }),
  );
  await ok(checker('POST', `/v1/loss-rate-sets/${set.id}/approve`, {}));
  const assessment = await ok<{ id: string }>(
    maker('POST', '/v1/individual-assessments', { debtorId: 'D3', effectiveOn: '2024-09-30', lossRate: '0.05', reason: 'guarantee' }),
  );
  await ok(checker('POST', `/v1/individual-assessments/${assessment.id}/approve`, {}));
}, 60_000);
afterEach(() => app.stop(), 30_000);

async function approvedRun(): Promise<string> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31' }));
  expect((await finished<{ status: string }>(maker, `/v1/provision-runs/${id}`)).status).toBe('completed');
  await ok(checker('POST', `/v1/provision-runs/${id}/approve`, {}));
  return id;
}
const minor = ({ amount }: Money): number => Math.round(Number(amount) * 100);

describe('the auditor’s pack of a run', () => {
  it('ties every receivable to the run, shows the cash since, and draws the same sample from the same seed', async () => {
    const id = await approvedRun();
    await app.importCsv(
      maker,
      'movements',
      `${MOVEMENTS}M1,R5,payment,4.00,2025-01-10,bank\nM2,R5,payment,1.33,2025-01-20,bank\nM3,R6,payment,2.00,2024-12-30,late\n`,
    );
    const pack = await ok<Pack>(maker('GET', `/v1/provision-runs/${id}/auditors-pack?seed=2024&sample=5`));
    const run = await ok<{ total: { gross: Money; allowance: Money } }>(maker('GET', `/v1/provision-runs/${id}`));
    expect(pack.verification?.verified).toBe(true);
    expect(pack.tieOut).toMatchObject({ openItems: 30, runGross: run.total.gross, difference: { amount: '0.00' } });
    expect(pack.openItems.reduce((sum, { gross }) => sum + minor(gross), 0)).toBe(minor(run.total.gross));
    expect(pack.openItems.reduce((sum, { allowance }) => sum + minor(allowance), 0)).toBe(minor(run.total.allowance));
    expect(pack.openItems.find(({ receivableId }) => receivableId === 'R5')).toMatchObject({
      cashAfter: { amount: '5.33' },
      lastCashOn: '2025-01-20',
      side: 'individual',
      bucket: null,
    });
    // Dated before and known later: it is a late fact and neither changes the signed item nor counts as cash since.
    expect(pack.openItems.find(({ receivableId }) => receivableId === 'R6')).toMatchObject({
      gross: { amount: '16.33' },
      cashAfter: { amount: '0.00' },
    });
    expect(pack.individualAgainstMatrix).toHaveLength(1);
    expect(minor(pack.individualAgainstMatrix[0]?.difference ?? { amount: '0', currency: '' })).toBeLessThan(0);
    expect(pack.inputs.policies.map(({ collection }) => collection).sort()).toEqual(['individual-assessments', 'loss-rate-sets']);
    for (const { proposedBy, approvedBy } of pack.inputs.policies) expect(proposedBy).not.toBe(approvedBy);
    expect(pack.sample.items.reduce((hits, item) => hits + item.hits, 0)).toBe(5);
    const again = await ok<Pack>(maker('GET', `/v1/provision-runs/${id}/auditors-pack?seed=2024&sample=5`));
    expect(again.sample).toEqual(pack.sample);
    const other = await ok<Pack>(maker('GET', `/v1/provision-runs/${id}/auditors-pack?seed=2025&sample=5`));
    expect(other.sample.items.map(({ receivableId }) => receivableId)).not.toEqual(
      pack.sample.items.map(({ receivableId }) => receivableId),
    );
  }, 60_000);

  it('ties out where claims are staged, insured and in another currency as well: an item in no line would be an item nobody provides for', async () => {
    const approved = async (collection: string, body: object): Promise<void> => {
      const { id } = await ok<{ id: string }>(maker('POST', `/v1/${collection}`, body));
      await ok(checker('POST', `/v1/${collection}/${id}/approve`, {}));
    };
    const row = (id: string, debtor: string, kind: string, currency: string, due: string): string =>
      `${id},${debtor},${kind},${currency},777.77,2024-01-01,2024-01-01,${due},${id}\n`;
    await app.importCsv(
      maker,
      'receivables',
      RECEIVABLES +
        row('O1', 'D1', 'other', 'CNY', '2024-12-20') +
        row('O2', 'D2', 'other', 'USD', '2024-02-20') +
        row('O3', 'D1', 'other', 'CNY', '2024-11-01') +
        row('U1', 'D1', 'trade', 'USD', '2024-02-20'),
    );
    await app.importCsv(maker, 'fx-rates', 'base,quote,rate,effective_on\nUSD,CNY,7.19,2024-12-31\n');
    await approved('staging-policies', {
      kind: 'other',
      effectiveOn: '2024-01-01',
      parameters: [{ pd12Months: '0.04', pdLifetime: '0.2', lgd: '0.5' }],
    });
    const insurance = {
      debtorId: 'D2',
      type: 'insurance',
      integral: true,
      coveredShare: '0.9',
      providerLossRate: '0',
      effectiveOn: '2024-01-01',
      expiresOn: '2025-06-30',
      reason: 'insured',
    };
    await approved('credit-enhancements', { ...insurance, limit: { amount: '100.00', currency: 'CNY' } });
    const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31', currency: 'CNY' }));
    expect(await finished<{ status: string; problem: unknown }>(maker, `/v1/provision-runs/${id}`)).toMatchObject({
      status: 'completed',
      problem: null,
    });
    const pack = await ok<Pack>(maker('GET', `/v1/provision-runs/${id}/auditors-pack`));
    expect(pack.verification?.verified).toBe(true);
    expect(pack.tieOut).toMatchObject({ openItems: 34, difference: { amount: '0.00' } });
    expect(pack.openItems.filter(({ side }) => side === 'staged').map(({ receivableId, stage }) => [receivableId, stage])).toEqual([
      ['O1', 1],
      ['O2', 3],
      ['O3', 2],
    ]);
  }, 60_000);

  it('exports every open item as CSV that no spreadsheet runs', async () => {
    const id = await approvedRun();
    const { status, text } = await maker('GET', `/v1/provision-runs/${id}/auditors-pack?format=csv`);
    expect(status).toBe(200);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(31);
    expect(lines[0]).toMatch(/^receivable_id,debtor_id,document_no,/);
    expect(lines[1]).toMatch(/^R0,D1,'=cmd\(\),main,trade,.*,10\.33,/);
  }, 60_000);
});

describe('late facts', () => {
  it('of a run and of the period it was signed with are listed with what the figures would have been', async () => {
    const id = await approvedRun();
    const close = await ok<{ id: string }>(maker('POST', '/v1/period-closes', { through: '2024-12-31', runId: id }));
    await ok(checker('POST', `/v1/period-closes/${close.id}/approve`, {}));
    await app.importCsv(
      maker,
      'receivables',
      `${RECEIVABLES}LATE,D1,trade,CNY,100.00,2024-12-20,2024-12-20,2024-12-20,L1\nNEXT,D1,trade,CNY,7.00,2025-01-05,2025-01-05,2025-01-05,X1\n`,
    );
    await app.importCsv(maker, 'movements', `${MOVEMENTS}M9,R6,payment,2.00,2024-12-30,late\n`);
    for (const path of [`/v1/provision-runs/${id}/late-facts`, `/v1/period-closes/${close.id}/late-facts`]) {
      const late = await ok<Late>(maker('GET', path));
      expect(late.items.map(({ type, stream, gross }) => [type, stream.key, gross?.amount])).toEqual([
        ['ReceivableRecognised', 'LATE', '100.00'],
        ['ReceivableMovementRecorded', 'R6', '-2.00'],
      ]);
      expect(late.wouldHaveBeen?.total).toMatchObject({ grossDifference: { amount: '98.00' }, allowanceDifference: { amount: '12.74' } });
      expect(late.wouldHaveBeen?.inputsChanged).toBe(false);
    }
    const first = await ok<Late>(maker('GET', `/v1/provision-runs/${id}/late-facts?limit=1`));
    const second = await ok<Late>(maker('GET', `/v1/provision-runs/${id}/late-facts?limit=1&cursor=${first.next ?? ''}`));
    expect([first.items.length, second.items[0]?.stream.key, second.next, second.wouldHaveBeen]).toEqual([1, 'R6', null, null]);
    const refused = await maker('POST', '/v1/loss-rate-sets', {
      ...{ kind: 'trade', scheme: SCHEME, effectiveOn: '2024-12-31' },
      rates: LABELS.map((bucket) => ({ segment: '*', bucket, rate: '0.5' })),
    });
    expect(refused).toMatchObject({ status: 409, json: { code: 'period-closed' } });
  }, 60_000);
});
