import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { createTestDatabase, eventually, startFakeSmtp, type FakeSmtp, type TestDatabase } from '@app/testing';

jest.setTimeout(300_000);

const ROOT = join(__dirname, '../..');
const START = join(ROOT, 'dist/apps/standalone/src/main.js');
const ADMIN_KEY = 'the-administrator-key-of-this-test-0003';
const ON_PAPER = 2_000;
const BY_EMAIL = 12;
const ROUNDS = Number(process.env['ARREARS_KILL_ROUNDS'] ?? 1);
/** Of an email, from before the server hears of it to after its outcome is on record. */
const MAIL_KILLS_MS = [150, 0, 500, 40];
/** Of a run, once so many letters are issued. */
const RUN_KILLS_AT = [500, 1_000, 0, 1_500];

interface Letter {
  readonly id: string;
  readonly debtorId: string;
  readonly state: string;
  readonly failure: string | null;
}

/** A process with its worker, on a real PostgreSQL, and nobody to end it gently. */
describe('kill -9 in the middle of dunning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-kill-dunning-'));
  let database: TestDatabase;
  let smtp: FakeSmtp;
  let child: ChildProcess;
  let url = '';
  let kills = 0;

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let output = '';
      child = spawn(process.execPath, [START], {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'] ?? '',
          PORT: '0',
          DATABASE_URL: database.ownerUrl,
          ARREARS_DATA_DIR: folder,
          ARREARS_ADMIN_KEY: ADMIN_KEY,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
      child.stdout?.on('data', (data: Buffer) => {
        output += data.toString();
        const ready = /^arrears ready on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)?.[1];
        if (ready === undefined) return;
        url = ready;
        resolve();
      });
      child.once('exit', () => {
        reject(new Error(`it ended: ${output.slice(-2_000)}`));
      });
    });
  const kill = async (): Promise<void> => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    kills += 1;
    // The leases of the dead run out, which takes a minute or two: beside it, another worker might be alive.
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`UPDATE pf.intent SET lease_until = clock_timestamp() WHERE state = 'running'`);
    await owner.query('UPDATE es.lane SET lease_until = clock_timestamp()');
    await owner.end();
  };
  const call = async <Body>(method: string, path: string, body?: string | object): Promise<Body> => {
    const isCsv = typeof body === 'string';
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': isCsv ? 'text/csv' : 'application/json' },
      ...(body !== undefined && { body: isCsv ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  };
  const done = async (path: string): Promise<{ status: string; rejected?: number; letters?: number }> => {
    for (;;) {
      const read = await call<{ status: string; rejected?: number }>('GET', path);
      if (read.status !== 'queued' && read.status !== 'running') return read;
      await pause(20);
    }
  };
  const importCsv = async (kind: string, csv: string): Promise<void> => {
    const { id } = await call<{ id: string }>('POST', `/v1/imports/${kind}`, csv);
    expect(await done(`/v1/imports/${id}`)).toMatchObject({ status: 'completed', rejected: 0 });
  };
  /** New debtors with an item each that is long past due: nobody of them has ever been written to. */
  const book = async (prefix: string, count: number, segment: string): Promise<void> => {
    const ids = Array.from({ length: count }, (_none, index) => `${prefix}-${String(index).padStart(5, '0')}`);
    const debtors = ids.map((id) => `${id},${id},${segment},false,CN,30,,,2026-01-01\n`);
    await importCsv(
      'debtors',
      `debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n${debtors.join('')}`,
    );
    const rows = ids.map((id) => `${id}-1,${id},trade,CNY,10.00,2026-01-05,,2026-02-01,${id}\n`);
    await importCsv(
      'receivables',
      `receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n${rows.join('')}`,
    );
  };
  const letters = async (runId: string): Promise<Letter[]> => {
    const found: Letter[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: Letter[]; next: string | null } = await call(
        'GET',
        `/v1/dunning-letters?runId=${runId}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  };
  /** The run that each day has by itself has come and found no policy: later it would take the letters from the runs that are asked for. */
  const dayBegun = async (): Promise<void> => {
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const isOver = async (): Promise<boolean> =>
      (await owner.query(`SELECT FROM pf.intent WHERE key = 'daily-dunning' AND state = 'done'`)).rowCount === 1;
    await eventually(isOver, 30_000, 'the run of the day').finally(() => owner.end());
  };
  const level = (more: object) => ({ level: 1, daysPastDue: 5, waitDays: 0, subject: 'Reminder', body: 'Please pay.', ...more });

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, '.ci/build.mjs'), '--if-stale']);
    database = await createTestDatabase({ migrated: false });
    smtp = await startFakeSmtp();
    await start();
    await dayBegun();
    const channel = { type: 'email', to: ['team@example.com'], smtp: { host: smtp.host, port: smtp.port } };
    const { id: mailChannelId } = await call<{ id: string }>('POST', '/v1/channels', channel);
    const { id } = await call<{ id: string }>('POST', '/v1/principals', { name: 'Manager', roles: ['manager', 'controller', 'admin'] });
    expect(id).toBeDefined();
    await call('POST', '/v1/dunning-policies', {
      name: 'By email',
      appliesTo: { segments: ['mail'] },
      levels: [level({ channel: 'email', mailChannelId })],
    });
    await call('POST', '/v1/dunning-policies', { name: 'On paper', levels: [level({ channel: 'letter' })] });
  });
  afterAll(async () => {
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await smtp.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loses no letter of a run and issues none twice', async () => {
    const seen: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await book(`P${String(round)}`, ON_PAPER, 'S');
      const { id } = await call<{ id: string }>('POST', '/v1/dunning-runs', {});
      let before = { status: '', letters: -1 };
      while (before.letters < (RUN_KILLS_AT[round % RUN_KILLS_AT.length] ?? 0)) {
        if (before.status === 'completed' || before.status === 'failed') throw new Error(`The run ended ${before.status} too early.`);
        before = await call<{ status: string; letters: number }>('GET', `/v1/dunning-runs/${id}`);
      }
      await kill();
      await start();
      expect(await done(`/v1/dunning-runs/${id}`)).toMatchObject({ status: 'completed', letters: ON_PAPER });
      const issued = await letters(id);
      expect([issued.length, new Set(issued.map(({ debtorId }) => debtorId)).size]).toEqual([ON_PAPER, ON_PAPER]);
      seen.push(`${before.status} at ${String(before.letters)}`);
    }
    process.stdout.write(`kill -9 in runs of ${String(ON_PAPER)} letters: ${seen.join(', ')}; 0 lost, 0 twice\n`);
  });

  it('sends no email twice, and leaves none unsaid', async () => {
    const outcomes: Record<string, number> = {};
    let mails = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const prefix = `M${String(round)}`;
      await book(prefix, BY_EMAIL, 'mail');
      for (let n = 0; n < BY_EMAIL; n += 1) {
        const id = `${prefix}-${String(n).padStart(5, '0')}`;
        await call('POST', `/v1/debtors/${id}/contacts`, { name: 'Ada', email: `${id}@debtor.example` });
      }
      const from = smtp.received.length;
      const { id } = await call<{ id: string }>('POST', '/v1/dunning-runs', {});
      await eventually(() => smtp.connections > 0 && smtp.received.length > from, 20_000, 'the first mail');
      await pause(MAIL_KILLS_MS[round % MAIL_KILLS_MS.length]);
      await kill();
      await start();
      let told: Letter[] = [];
      const isOver = async () => {
        told = await letters(id);
        return told.length === BY_EMAIL && told.every(({ state }) => state === 'sent' || state === 'failed');
      };
      await eventually(isOver, 60_000, 'every email told of');
      await pause(500);
      const to = smtp.accepted
        .slice(0)
        .flatMap((mail) => mail.to)
        .filter((address) => address.startsWith(prefix.toLowerCase()) || address.startsWith(prefix));
      expect(new Set(to).size).toBe(to.length);
      mails += to.length;
      for (const { debtorId, state, failure } of told) {
        const wasSent = to.some((address) => address.toLowerCase() === `${debtorId}@debtor.example`.toLowerCase());
        const outcome = state === 'sent' ? 'sent' : (failure ?? '');
        outcomes[`${outcome}${wasSent ? '' : ', not received'}`] = (outcomes[`${outcome}${wasSent ? '' : ', not received'}`] ?? 0) + 1;
        // Said to be out is out; what may be out or not is said to be unknown.
        if (state === 'sent') expect([debtorId, wasSent]).toEqual([debtorId, true]);
        else expect(failure).toBe('outcome-unknown');
      }
    }
    process.stdout.write(
      `kill -9 in ${String(ROUNDS)} times ${String(BY_EMAIL)} dunning emails (${String(kills)} kills in all): ${String(mails)} received, 0 twice; ${JSON.stringify(outcomes)}\n`,
    );
  });
});
