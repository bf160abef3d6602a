import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@app/testing';
import { setUpAlerts } from '../apps/cli/src/demo/alert-setup';
import { ArrearsApi } from '../apps/cli/src/demo/arrears-api';
import { generateBook } from '../apps/cli/src/demo/book/generate-book';
import { checkAlerts } from '../apps/cli/src/demo/check-alerts';
import { DERIVED } from '../apps/cli/src/demo/derived-figures';
import { loadYear, MATRIX_SCHEME, type People } from '../apps/cli/src/demo/load-year';
import { PUBLISHED } from '../apps/cli/src/demo/published';
import { startSlackReceiver, type SlackReceiver } from '../apps/cli/src/demo/receivers/slack-receiver';
import { startSmtpReceiver, type SmtpReceiver } from '../apps/cli/src/demo/receivers/smtp-receiver';
import { ADMIN_KEY, startApp, type StartedApp } from './started-app.fixture';

interface BackTestAnswer {
  readonly summary: string;
  readonly fired: number;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly fired: { readonly asOf: string; readonly change: string; readonly cause: string };
  }[];
  readonly notJudged: readonly { readonly asOf: string; readonly reason: string }[];
}
interface DebtorAgeing {
  readonly position: number;
  readonly groups: readonly {
    readonly key: string;
    readonly buckets: readonly { readonly label: string; readonly amount: { readonly amount: string } }[];
  }[];
}

const LOSS_RATES = {
  type: 'loss-rate-shift',
  base: 'same-date-last-year',
  kinds: ['trade'],
  enter: '0.03',
  exit: '0.02',
  materiality: '0.01',
};

describe('the published book from FY2023 to FY2024, from the import to what is told', () => {
  let app: StartedApp;
  let admin: ArrearsApi;
  let people: People;
  let slack: SlackReceiver;
  let smtp: SmtpReceiver;

  async function person(name: string, roles: readonly string[]): Promise<ArrearsApi> {
    const { id } = await admin.post<{ id: string }>('/v1/principals', { name, roles });
    const { key } = await admin.post<{ key: string }>(`/v1/principals/${id}/keys`);
    return admin.as(key);
  }

  beforeAll(async () => {
    app = await startApp();
    [slack, smtp] = [await startSlackReceiver(), await startSmtpReceiver()];
    admin = new ArrearsApi(app.baseUrl, ADMIN_KEY);
    await admin.put('/v1/tenant', { presentationCurrency: 'CNY' });
    people = {
      importer: await person('ERP feed', ['ingest']),
      manager: await person('Credit manager', ['manager', 'viewer']),
      approver: await person('Approver', ['approver', 'viewer']),
    };
    await setUpAlerts(admin, people.manager, slack, smtp);
    const book = generateBook();
    for (const year of ['fy2023', 'fy2024'] as const) {
      const { asOf } = PUBLISHED[year];
      await loadYear(people, book[year], asOf, () => undefined);
      const { id } = await people.manager.post<{ id: string }>('/v1/closes', { asOf });
      await people.manager.untilCompleted(`/v1/closes/${id}`);
    }
    const { messages } = DERIVED.alerts;
    await eventually(() => slack.messages.length >= messages && smtp.mails.length >= messages, 60_000, 'what is told of FY2024');
  }, 300_000);
  afterAll(async () => {
    await Promise.all([slack.stop(), smtp.stop()]);
    await app.stop();
  }, 60_000);

  it('is told in one message by age with coverage joined to it and one by loss rates, each with bridges that add up, on both channels', async () => {
    await pause(1_500);
    const { differences } = checkAlerts([
      { channel: 'Slack', messages: slack.messages },
      { channel: 'email', messages: smtp.mails.map(({ text }) => text) },
    ]);
    expect(differences).toEqual([]);
  }, 60_000);

  it('names the five debtors the linked view names first, as it was known when the alert fired', async () => {
    const mail = smtp.mails.find(({ text }) => text.includes('Gross older than 3 years rose'))?.text ?? '';
    const view = /\/v1\/ageing\?\S+/.exec(mail)?.[0] ?? '';
    expect(view).toContain('asOf=2024-12-31');
    expect(view).toContain('knownAt=');
    const { groups } = await people.manager.get<DebtorAgeing>(view);
    const older = groups.map(({ key, buckets }) => ({
      key,
      minor: buckets
        .filter(({ label }) => ['3 to 4 years', 'Over 4 years'].includes(label))
        .reduce((sum, { amount }) => sum + BigInt(amount.amount.replace('.', '')), 0n),
    }));
    const largest = older.sort((left, right) => (left.minor > right.minor ? -1 : left.minor < right.minor ? 1 : 0)).slice(0, 5);
    const named = mail
      .slice(mail.indexOf('Largest debtors'))
      .split('\n')
      .slice(1, 6)
      .map((line) => line.trim().split(/\s+/));
    expect(named.map(([id, currency, amount]) => [id, currency, minorOf(amount)])).toEqual(
      largest.map(({ key, minor }) => [key, 'CNY', minor]),
    );
    const { items } = await people.manager.get<{ items: { id: string; subject: string }[] }>('/v1/alerts?state=firing');
    const alertId = items.find(({ subject }) => subject === 'Gross older than 3 years')?.id ?? '';
    const { explanation } = await people.manager.get<{ explanation: { debtors: { debtorId: string }[]; view: string } }>(
      `/v1/alerts/${alertId}`,
    );
    expect([explanation.debtors.map(({ debtorId }) => debtorId), explanation.view]).toEqual([largest.map(({ key }) => key), view]);
  });

  it('is found by a back-test before a rule is saved and of a saved one, which sends nothing and writes nothing', async () => {
    const { position: before } = await people.manager.get<DebtorAgeing>('/v1/ageing');
    const told = [slack.messages.length, smtp.mails.length];
    const body = { name: 'Loss rates', definition: LOSS_RATES };
    const answer = await people.manager.post<BackTestAnswer>('/v1/alert-rules/back-test', body);
    expect(answer.summary).toBe('Would have fired 3 times since 2023-12-31.');
    expect(answer.alerts.map(({ labels, fired }) => [labels['bucket'], fired.asOf, fired.change.slice(0, 7)])).toEqual([
      ['Up to 6 months', '2024-12-31', '-0.0837'],
      ['2 to 3 years', '2024-12-31', '0.05625'],
      ['3 to 4 years', '2024-12-31', '0.06006'],
    ]);
    expect(answer.notJudged).toEqual([{ asOf: '2023-12-31', baseAsOf: null, labels: { kinds: 'trade' }, reason: 'no-base' }]);

    const { items } = await people.manager.get<{ items: { id: string; name: string }[] }>('/v1/alert-rules');
    const saved = items.find(({ name }) => name.startsWith('Share'))?.id ?? '';
    const ofSaved = await people.manager.post<BackTestAnswer>(`/v1/alert-rules/${saved}/back-test`, { since: '2024-01-01' });
    expect([ofSaved.summary, ofSaved.notJudged]).toEqual(['Would have fired once since 2024-12-31.', []]);

    await pause(1_500);
    const { position: after } = await people.manager.get<DebtorAgeing>('/v1/ageing');
    expect(after).toBe(before);
    expect([slack.messages.length, smtp.mails.length]).toEqual(told);
  }, 30_000);

  it('refuses to back-test what it cannot replay or does not know, by name', async () => {
    const refused = async (path: string, body: unknown): Promise<string> =>
      people.manager.post(path, body).then(
        () => 'answered',
        (error: unknown) => String(error),
      );
    expect(await refused('/v1/alert-rules/back-test', { name: 'x', definition: { type: 'stale-feed', enter: '3' } })).toMatch(
      /back-test-unsupported|422/,
    );
    expect(await refused('/v1/alert-rules/back-test', { name: 'x', definition: { ...LOSS_RATES, enter: '2' } })).toMatch(/enter/);
    const limit = { type: 'ageing-share-shift', scheme: MATRIX_SCHEME, olderThan: { months: 30 }, base: 'previous-close', enter: '0.1' };
    expect(await refused('/v1/alert-rules/back-test', { name: 'x', definition: limit })).toMatch(/age-limit-not-a-boundary/);
    expect(await refused('/v1/alert-rules/00000000-0000-4000-8000-000000000000/back-test', {})).toMatch(/alert-rule-not-found/);
  });
});

/** `1,234,567.89` or `1,234,567` in minor units. */
function minorOf(shown = ''): bigint {
  const [whole = '', decimals = ''] = shown.replaceAll(',', '').split('.');
  return BigInt(whole + decimals.padEnd(2, '0'));
}
