import { movementOf, Ratio } from '@app/credit-domain';
import { foldAlerts } from '../alert';
import { TENANT, TestAlerting } from '../alerting.fixture';
import { ListAlertsQuery, type ListFrom } from './list-alerts.query';

const ALERTS = 3_000;

describe('the list of alerts', () => {
  let alerting: TestAlerting;
  beforeAll(async () => {
    alerting = await TestAlerting.open();
  }, 120_000);
  afterAll(() => alerting.stop());

  it('shows each once, newest first, page by page, without reading all of them for one', async () => {
    const rule = { id: 'r', version: 1, name: 'r', severity: 'warning' as const, channels: [], definition: { type: 'coverage-shift' } };
    const evaluations = Array.from({ length: ALERTS }, (_, index) => ({
      labels: { segment: `S${String(index)}` },
      asOf: '2024-02-29',
      baseAsOf: '2024-01-31',
      reason: 'at-or-above-enter' as const,
      movement: movementOf(Ratio.ZERO, Ratio.parse('0.12')),
      subject: 'Share',
      cause: 'It moved',
      inputs: {},
      bridges: [],
      part: null,
    }));
    await alerting.decide((tx, plan, decisions, context) => decisions.decide(tx, plan, context, rule, evaluations));
    const folded = foldAlerts(await alerting.recorded('alert'))
      .map(({ id }) => id)
      .reverse();

    const seen: string[] = [];
    let from: ListFrom | undefined;
    for (let page = 0; page < 3; page++) {
      const { position, items } = await alerting.queries.execute(new ListAlertsQuery(TENANT, { state: 'firing' }, from, 50));
      expect(items).toHaveLength(51);
      seen.push(...items.slice(0, 50).map(({ id }) => id));
      from = { position, before: items[49]?.position ?? 0n };
    }
    expect(seen).toEqual(folded.slice(0, 150));
    const none = await alerting.queries.execute(new ListAlertsQuery(TENANT, { state: 'resolved' }, undefined, 50));
    expect(none.items).toEqual([]);

    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await work();
      return Math.round(performance.now() - start);
    };
    const whole = await timed(async () => foldAlerts(await alerting.recorded('alert')));
    const page = await timed(() => alerting.queries.execute(new ListAlertsQuery(TENANT, {}, undefined, 50)));
    process.stdout.write(`${String(ALERTS)} alerts: a page of 50 in ${String(page)} ms, all of them folded in ${String(whole)} ms\n`);
  }, 120_000);
});
