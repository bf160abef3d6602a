import { AcknowledgeAlert } from '../acknowledge-alert/acknowledge-alert.command';
import { AmendAlertRule } from '../amend-alert-rule/amend-alert-rule.command';
import { coverageRule, TENANT, TestAlerting } from '../alerting.fixture';
import { GetAlertRuleQuery } from '../list-alert-rules/list-alert-rules.query';
import { GetAlertQuery } from '../list-alerts/list-alerts.query';
import { RetireAlertRule } from '../retire-alert-rule/retire-alert-rule.command';
import { foldCloses } from './close-figures';

const SLACK = 'https://hooks.slack.example/services/T/B/x';

describe('evaluating rules on real PostgreSQL', () => {
  let alerting: TestAlerting;
  let channel: string;

  beforeEach(async () => {
    alerting = await TestAlerting.open();
    channel = await alerting.slackChannel(SLACK);
  }, 120_000);
  afterEach(() => alerting.stop());

  const types = async (): Promise<string[]> => (await alerting.recorded('alert', 'delivery')).map(({ type }) => type);
  const intents = (): Promise<Record<string, unknown>[]> => alerting.owner(`SELECT key FROM pf.intent WHERE kind = 'deliver'`);

  it('fires once on a shift, says why, and leaves one message a channel with its intent', async () => {
    await alerting.close('2023-12-31', 50);
    await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    expect(await types()).toEqual(['AlertFired', 'DeliveryRequested']);
    const [fired, requested] = await alerting.recorded('alert', 'delivery');
    expect(fired?.data).toMatchObject({
      asOf: '2024-12-31',
      baseAsOf: '2023-12-31',
      before: '0.500000000000000000',
      after: '0.600000000000000000',
    });
    expect(fired?.data['cause']).toMatch(/^Coverage rose from 50\.00 % .* to 60\.00 % .* loss rates moved it by \+10\.00 points/);
    expect((await intents()).map(({ key }) => key)).toEqual([requested?.key]);
  });

  it('tells nobody a second time when the same close is evaluated again, or the log is replayed from its beginning', async () => {
    await alerting.close('2023-12-31', 50);
    await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    // A rebuild forgets what was derived; alerts and who was told of them stand in the log.
    for (const table of ['evaluation', 'episode', 'alert_group', 'episodes_built']) await alerting.owner(`DELETE FROM al.${table}`);
    await alerting.evaluate();
    expect(await types()).toEqual(['AlertFired', 'DeliveryRequested']);
    expect(await intents()).toHaveLength(1);
  });

  it('decides once when two workers evaluate the same close at the same moment', async () => {
    await alerting.close('2023-12-31', 50);
    await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await Promise.all(Array.from({ length: 6 }, () => alerting.evaluate()));
    expect(await types()).toEqual(['AlertFired', 'DeliveryRequested']);
  });

  it('writes the decision, the message and its intent together or not at all', async () => {
    await alerting.close('2023-12-31', 50);
    await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.owner('ALTER TABLE pf.intent ADD CONSTRAINT broken CHECK (kind <> $q$deliver$q$)');
    await expect(alerting.evaluate()).rejects.toThrow(/broken/);
    expect(await types()).toEqual([]);
    expect(await alerting.owner('SELECT * FROM al.evaluation')).toEqual([]);
    await alerting.owner('ALTER TABLE pf.intent DROP CONSTRAINT broken');
    await alerting.evaluate();
    expect(await types()).toEqual(['AlertFired', 'DeliveryRequested']);
    expect(await intents()).toHaveLength(1);
  });

  it('resolves after two closes below the exit threshold, tells those who were told, and fires anew as another episode', async () => {
    await alerting.close('2024-01-31', 50);
    await alerting.defineRule([channel]);
    for (const [asOf, coverage] of [
      ['2024-02-29', 60],
      ['2024-03-31', 64],
      ['2024-04-30', 65],
      ['2024-05-31', 66],
      ['2024-06-30', 76],
    ] as const) {
      await alerting.close(asOf, coverage);
      await alerting.evaluate();
    }
    const alerts = await alerting.recorded('alert');
    expect(alerts.map(({ type, effectiveOn }) => `${type} ${effectiveOn}`)).toEqual([
      'AlertFired 2024-02-29',
      'AlertRecovering 2024-04-30',
      'AlertResolved 2024-05-31',
      'AlertFired 2024-06-30',
    ]);
    expect(alerts[2]?.key).toBe(alerts[0]?.key);
    expect(alerts[3]?.data['episode']).toBe(2);
    const deliveries = await alerting.recorded('delivery');
    expect(deliveries.map(({ data }) => data['reason'])).toEqual(['fired', 'resolved', 'fired']);
    expect(deliveries[1]?.data['inReplyTo']).toBe(deliveries[0]?.key);
  });

  it('tells no old news when older books are loaded, but compares with them', async () => {
    await alerting.defineRule([channel], { definition: { ...coverageRule, base: 'same-date-last-year' } });
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    expect(await types()).toEqual([]);
    await alerting.close('2022-12-31', 10);
    await alerting.close('2023-12-31', 50);
    await alerting.evaluate();
    const alerts = await alerting.recorded('alert');
    expect(alerts.map(({ type, effectiveOn }) => `${type} ${effectiveOn}`)).toEqual(['AlertFired 2024-12-31']);
  });

  it('keeps the named reason of every outcome where it can be read back, also when nobody is told', async () => {
    const rule = await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    const shown = await alerting.queries.execute(new GetAlertRuleQuery(TENANT, rule));
    expect(shown?.evaluation).toMatchObject({ asOf: '2024-12-31', results: [{ reason: 'no-base', decision: 'no-data' }] });
  });

  it('closes an open alert when its rule is amended, and the new version speaks for itself at once', async () => {
    await alerting.close('2023-12-31', 50);
    const rule = await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    const content = {
      name: 'Coverage',
      severity: 'critical' as const,
      channels: [channel],
      definition: { ...coverageRule, enter: '0.08' },
    };
    await alerting.commands.execute(new AmendAlertRule(alerting.context(), rule, content, 1));
    await alerting.evaluate();
    const alerts = await alerting.recorded('alert');
    expect(alerts.map(({ type, data }) => `${type} ${JSON.stringify(data['reason'] ?? data['ruleVersion'])}`)).toEqual([
      'AlertFired 1',
      'AlertResolved "rule-changed"',
      'AlertFired 2',
    ]);
    await expect(alerting.commands.execute(new AmendAlertRule(alerting.context(), rule, { ...content, name: 'Other' }, 1))).rejects.toThrow(
      /version 2, expected 1/,
    );
  });

  it('closes an open alert when its rule is retired, and evaluates it no more', async () => {
    await alerting.close('2023-12-31', 50);
    const rule = await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    await alerting.commands.execute(new RetireAlertRule(alerting.context(), rule, undefined));
    await alerting.close('2025-12-31', 90);
    await alerting.evaluate();
    const alerts = await alerting.recorded('alert');
    expect(alerts.map(({ type }) => type)).toEqual(['AlertFired', 'AlertResolved']);
    expect(alerts[1]?.data['reason']).toBe('rule-retired');
  });

  it('shows an alert with its figures, what happened to it, who has seen it first, and its messages', async () => {
    await alerting.close('2023-12-31', 50);
    await alerting.defineRule([channel]);
    await alerting.close('2024-12-31', 60);
    await alerting.evaluate();
    const [fired] = await alerting.recorded('alert');
    const alertId = fired?.key ?? '';
    const seenBy = alerting.context();
    await alerting.commands.execute(new AcknowledgeAlert(seenBy, alertId, 'looking into it'));
    await alerting.commands.execute(new AcknowledgeAlert(alerting.context(), alertId, null));
    const shown = await alerting.queries.execute(new GetAlertQuery(TENANT, alertId));
    expect(shown?.alert).toMatchObject({ state: 'firing', acknowledged: { by: seenBy.principalId, note: 'looking into it' } });
    expect(shown?.alert.transitions.map(({ type }) => type)).toEqual(['fired', 'acknowledged']);
    expect(shown?.alert.fired.inputs).toMatchObject({ rateEffect: '0.100000000000000000', mixEffect: '0.000000000000000000' });
    expect(shown?.deliveries).toMatchObject([{ request: { channelId: channel, reason: 'fired' }, outcome: { state: 'pending' } }]);
  });

  it('reads a close whose allowance can no longer be computed as one without allowance, not as the old one', async () => {
    await alerting.close('2024-12-31', 60);
    const [snapshot, provision] = await alerting.recorded('close');
    if (snapshot === undefined || provision === undefined) throw new Error('two events');
    const completed = {
      ...provision,
      type: 'CloseCompleted',
      data: { closeId: '2024-12-31', asOf: '2024-12-31', position: 1, provision: 'not-computed', problem: null },
    };
    expect(foldCloses([snapshot, provision])[0]?.figures.provision).not.toBeNull();
    expect(foldCloses([snapshot, provision, completed])[0]?.figures.provision).toBeNull();
  });
});
