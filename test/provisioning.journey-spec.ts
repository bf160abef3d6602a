import { eventually } from '@app/testing';
import { setTimeout as pause } from 'node:timers/promises';
import published from '../libs/credit-domain/src/provisioning/published-cases.fixture.json';
import { finished, ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Run {
  readonly id: string;
  readonly status: string;
  readonly knownAt: string;
  readonly position: number;
  readonly collective: readonly { segment: string; bucket: string; gross: Money; rate: string; allowance: Money }[];
  readonly individual: readonly { debtorId: string; gross: Money; allowance: Money; matrixAllowance: Money | null; warnings: string[] }[];
  readonly totals: readonly { kind: string; gross: Money; allowance: Money; net: Money }[];
  readonly problem: { readonly code: string; readonly errors: readonly Record<string, string>[] } | null;
}

const SCHEME = 'months-6-12-24-36-48';
const LABELS = ['Up to 6 months', '6 months to 1 year', '1 to 2 years', '2 to 3 years', '3 to 4 years', 'Over 4 years'];
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const FX = 'base,quote,rate,effective_on\n';

// On a busy machine the several runs of a journey take longer than the usual five seconds.
jest.setTimeout(60_000);

let app: StartedApp;
let maker: Caller;
let checker: Caller;

beforeEach(async () => {
  app = await startApp();
  maker = await app.principal('maker', ['manager', 'approver', 'ingest', 'controller', 'viewer']);
  checker = await app.principal('checker', ['approver', 'manager']);
}, 60_000);
afterEach(() => app.stop(), 30_000);

const flat = (rate: string) => LABELS.map((bucket) => ({ segment: '*', bucket, rate }));
const receivable = (id: string, debtor: string, amount: string, on: string): string =>
  `${id},${debtor},trade,CNY,${amount},${on},${on},${on},${id}\n`;

async function approvedRates(body: object): Promise<string> {
  const { id } = await ok<{ id: string }>(
    maker('POST', '/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2020-01-01', ...body }),
  );
  await ok(checker('POST', `/v1/loss-rate-sets/${id}/approve`, {}));
  return id;
}
async function run(body: object): Promise<Run> {
  const { id } = await ok<{ id: string }>(maker('POST', '/v1/provision-runs', { asOf: '2024-12-31', ...body }));
  return finished<Run>(maker, `/v1/provision-runs/${id}`);
}
async function closeEvents(): Promise<string[]> {
  const { events } = await ok<{ events: { type: string; stream: { category: string } }[] }>(app.admin('GET', '/v1/events?limit=1000'));
  return events.filter(({ stream }) => stream.category === 'close').map(({ type }) => type);
}

describe('a preparer and an approver', () => {
  it('need each other: rates nobody else approved provide for nothing, whatever roles and keys their author holds', async () => {
    await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\n`);
    await app.importCsv(maker, 'receivables', RECEIVABLES + receivable('A', 'D1', '1000.00', '2024-12-01'));
    const proposed = await maker('POST', '/v1/loss-rate-sets', {
      kind: 'trade',
      scheme: SCHEME,
      effectiveOn: '2024-01-01',
      rates: flat('0.1'),
    });
    expect(proposed).toMatchObject({ status: 201, json: { status: 'proposed' } });
    const id = (proposed.json as { id: string }).id;
    expect(await maker('POST', `/v1/loss-rate-sets/${id}/approve`, {})).toMatchObject({ status: 403, json: { code: 'four-eyes' } });
    expect(await run({})).toMatchObject({
      status: 'failed',
      problem: { code: 'loss-rate-missing', errors: [{ kind: 'trade', segment: 'std', bucket: 'Up to 6 months' }] },
    });
    expect(await checker('POST', `/v1/loss-rate-sets/${id}/approve`, {})).toMatchObject({ status: 200, json: { status: 'approved' } });
    const computed = await run({});
    expect(computed.totals).toEqual([
      expect.objectContaining({ kind: 'trade', gross: cny('1000.00'), allowance: cny('100.00'), net: cny('900.00') }),
    ]);
    expect(await maker('GET', `/v1/provision-runs/${computed.id}/verify`)).toMatchObject({ status: 200, json: { verified: true } });
    expect(await run({ scheme: 'no-such-scheme' })).toMatchObject({ status: 'failed', problem: { code: 'ageing-scheme-unknown' } });
    expect(await run({ currency: 'USD' })).toMatchObject({
      status: 'failed',
      problem: { code: 'fx-rate-missing', errors: [{ base: 'CNY', quote: 'USD' }] },
    });
  });

  it('are told at the row which rate cannot be used', async () => {
    const rates = [...flat('0.1'), { segment: 'vip', bucket: '1-30', rate: '0.1' }];
    expect(await maker('POST', '/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2024-01-01', rates })).toMatchObject({
      status: 422,
      json: {
        code: 'loss-rates-invalid',
        errors: expect.arrayContaining([expect.objectContaining({ field: 'rates[6].bucket' })]) as unknown,
      },
    });
  });

  it('carve a debtor out on two dates: from its effective date, as known from the approval, and back by a release of its own', async () => {
    await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\nD2,Two,std,false,CN,0,,\n`);
    await app.importCsv(
      maker,
      'receivables',
      RECEIVABLES + receivable('A', 'D1', '100.00', '2024-12-01') + receivable('B', 'D2', '50.00', '2024-12-01'),
    );
    await approvedRates({ rates: flat('0.5') });
    const before = await run({});
    const assessment = await ok<{ id: string }>(
      maker('POST', '/v1/individual-assessments', {
        debtorId: 'D2',
        effectiveOn: '2024-12-31',
        lossRate: '0.2',
        reason: 'guarantee of the parent',
      }),
    );
    expect(await maker('POST', `/v1/individual-assessments/${assessment.id}/approve`, {})).toMatchObject({
      status: 403,
      json: { code: 'four-eyes' },
    });
    await ok(checker('POST', `/v1/individual-assessments/${assessment.id}/approve`, {}));
    expect((await run({})).individual).toEqual([
      expect.objectContaining({
        debtorId: 'D2',
        gross: cny('50.00'),
        allowance: cny('10.00'),
        matrixAllowance: cny('25.00'),
        warnings: ['below-matrix'],
      }),
    ]);
    expect((await run({ asOf: '2024-12-30' })).individual).toEqual([]);
    expect((await run({ knownAt: before.knownAt })).individual).toEqual([]);
    const release = await ok<{ id: string }>(
      maker('POST', `/v1/individual-assessments/${assessment.id}/release`, { effectiveOn: '2024-12-31', reason: 'paid and current' }),
    );
    await ok(checker('POST', `/v1/individual-assessments/${release.id}/approve`, {}));
    const after = await run({});
    expect(after.individual).toEqual([]);
    expect(after.totals[0]?.allowance).toEqual(cny('75.00'));
  });
});

describe('published matrices', () => {
  it('come out of the API as printed: every case of the file, gross and allowance, bucket by bucket', async () => {
    const debtors = published.map(({ id }) => `${id},${id},${id},false,CN,0,,\n`).join('');
    await app.importCsv(maker, 'debtors', DEBTORS + debtors);
    const rows = published.flatMap(({ id, unit, buckets }) =>
      buckets.map(({ gross }, index) => receivable(`${id}-${String(index)}`, id, (Number(gross) * unit).toFixed(2), recognisedFor(index))),
    );
    await app.importCsv(maker, 'receivables', RECEIVABLES + rows.join(''));
    for (const book of published) {
      const buckets = book.buckets.map(({ label }, index) =>
        index === book.buckets.length - 1 ? { label, over: true } : { label, upTo: { days: 30 * (index + 1) } },
      );
      await ok(maker('POST', '/v1/ageing-schemes', { id: book.id, basis: 'recognition', buckets }));
      const rates = book.buckets.map((bucket) => ({
        segment: '*',
        bucket: bucket.label,
        rate: 'exactRate' in bucket ? bucket.exactRate : bucket.rate,
      }));
      await approvedRates({ scheme: book.id, rates });
      const lines = (await run({ scheme: book.id })).collective.filter(({ segment }) => segment === book.id);
      const expected = book.buckets.map((bucket, index) => ({
        bucket: bucket.label,
        gross: (Number(bucket.gross) * book.unit).toFixed(2),
        allowance: ('exactRate' in bucket
          ? Number(bucket.allowance) * book.unit
          : Number(bucket.gross) * book.unit * Number(rates[index]?.rate)
        ).toFixed(2),
      }));
      expect(lines.map(({ bucket, gross, allowance }) => ({ bucket, gross: gross.amount, allowance: allowance.amount }))).toEqual(expected);
    }
  }, 60_000);
});

describe('two dates', () => {
  it('a run at the earlier knowledge does not see what was imported later, and stays verifiable', async () => {
    await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\n`);
    await app.importCsv(maker, 'receivables', RECEIVABLES + receivable('A', 'D1', '100.00', '2024-12-01'));
    await approvedRates({ rates: flat('0.1') });
    const first = await run({});
    await app.importCsv(maker, 'receivables', RECEIVABLES + receivable('LATE', 'D1', '900.00', '2024-12-01'));
    expect((await run({})).totals[0]?.allowance).toEqual(cny('100.00'));
    const again = await run({ knownAt: first.knownAt });
    expect(again.totals).toEqual(first.totals);
    expect(again.position).toBe(first.position);
    expect(await maker('GET', `/v1/provision-runs/${first.id}/verify`)).toMatchObject({ json: { verified: true } });
  });
});

describe('closes', () => {
  it('are recomputed once for a bulk of late facts, and not at all for facts that move no figure or come after', async () => {
    await app.importCsv(maker, 'debtors', `${DEBTORS}D1,One,std,false,CN,0,,\n`);
    await app.importCsv(maker, 'receivables', RECEIVABLES + receivable('A', 'D1', '100.00', '2024-12-01'));
    const close = async (asOf: string) =>
      finished<CloseAnswer>(maker, `/v1/closes/${(await ok<{ id: string }>(maker('POST', '/v1/closes', { asOf }))).id}`);
    expect(await close('2024-12-31')).toMatchObject({
      status: 'completed',
      allowance: null,
      provisionProblem: { code: 'loss-rate-missing' },
    });

    await approvedRates({ rates: flat('0.1') });
    const current = () => ok<CloseAnswer>(maker('GET', '/v1/closes/2024-12-31'));
    await eventually(
      async () => (await current()).allowance?.allowance.amount === '10.00',
      15_000,
      'the allowance under the rates approved after the close',
    );

    const late = Array.from({ length: 50 }, (_, index) => receivable(`L${String(index)}`, 'D1', '2.00', '2023-12-01'));
    await app.importCsv(maker, 'receivables', RECEIVABLES + late.join(''));
    await eventually(async () => (await current()).allowance?.gross.amount === '200.00', 15_000, 'the close with the late receivables');
    const recorded = await closeEvents();
    expect(recorded).toEqual([
      ...['CloseRequested', 'AgeingSnapshotTaken', 'CloseCompleted'],
      ...['ProvisionRecomputed', 'CloseCompleted'],
      ...['AgeingSnapshotTaken', 'ProvisionRecomputed', 'CloseCompleted'],
    ]);

    await app.importCsv(maker, 'fx-rates', `${FX}USD,CNY,7.1,2024-06-30\n`);
    await app.importCsv(maker, 'receivables', RECEIVABLES + receivable('NEXT', 'D1', '5.00', '2025-01-15'));
    await pause(3_000);
    expect(await closeEvents()).toEqual(recorded);
    const mix = (await current()).ageing.find(({ scheme }) => scheme === SCHEME);
    expect(mix?.buckets.map(({ label, amount, share }) => [label, amount.amount, share])).toContainEqual(['1 to 2 years', '100.00', '0.5']);
  }, 60_000);
});

interface CloseAnswer {
  readonly status: string;
  readonly ageing: readonly { scheme: string; buckets: readonly { label: string; amount: Money; share: string }[] }[];
  readonly allowance: { readonly gross: Money; readonly allowance: Money; readonly coverage: string } | null;
  readonly provisionProblem: { readonly code: string } | null;
}

function cny(amount: string): Money {
  return { amount, currency: 'CNY' };
}

/** A recognition date that falls into the bucket of that number when every bucket is thirty days wide. */
function recognisedFor(bucket: number): string {
  const day = new Date('2024-12-31T00:00:00Z');
  day.setUTCDate(day.getUTCDate() - 30 * bucket - 15);
  return day.toISOString().slice(0, 10);
}
