import { coverageRule, TENANT, TestAlerting } from '../alerting.fixture';
import { RetireAlertRule } from '../retire-alert-rule/retire-alert-rule.command';
import { BackTestDefinedRuleQuery, BackTestRuleQuery } from './back-test.query';

const SETTINGS = { forPeriods: 1, recoverPeriods: 1, worsenBy: '0.5' };
const CLOSES = [
  ['2024-01-31', 50],
  ['2024-02-29', 60],
  ['2024-03-31', 60],
  ['2024-04-30', 71],
] as const;

describe('back-testing a rule on real PostgreSQL', () => {
  let alerting: TestAlerting;

  beforeAll(async () => {
    alerting = await TestAlerting.open();
    for (const [asOf, coverage] of CLOSES) await alerting.close(asOf, coverage);
  }, 120_000);
  afterAll(() => alerting.stop());

  const everything = async (): Promise<unknown> => ({
    log: (await alerting.owner('SELECT max(position)::text AS last, count(*)::int AS events FROM es.event'))[0],
    asked: await alerting.owner('SELECT count(*)::int AS intents FROM pf.intent'),
    kept: await alerting.owner('SELECT count(*)::int AS evaluations FROM al.evaluation'),
  });

  it('sends nothing and writes nothing, or asking what would happen would make it happen', async () => {
    const before = await everything();
    const request = { tenantId: TENANT, since: null };
    const answer = await alerting.queries.execute(new BackTestRuleQuery(request, { definition: coverageRule, ...SETTINGS }));
    expect(answer.episodes.map(({ fired, resolved }) => [fired.asOf, resolved?.asOf])).toEqual([
      ['2024-02-29', '2024-03-31'],
      ['2024-04-30', undefined],
    ]);
    expect(await everything()).toEqual(before);
  });

  it('replays a saved rule by the version and the settings it has, also when it is retired', async () => {
    const ruleId = await alerting.defineRule([], { definition: { ...coverageRule, enter: '0.105' } });
    await alerting.commands.execute(new RetireAlertRule(alerting.context(), ruleId, undefined));
    const answer = await alerting.queries.execute(new BackTestDefinedRuleQuery({ tenantId: TENANT, since: '2024-03-01' }, ruleId));
    expect(answer.closes).toEqual(['2024-03-31', '2024-04-30']);
    expect(answer.episodes.map(({ fired }) => fired.asOf)).toEqual(['2024-04-30']);
  });

  it('says that it cannot replay what does not look at closes, instead of answering "never"', async () => {
    const definition = { type: 'broken-chain' } as const;
    const query = new BackTestRuleQuery({ tenantId: TENANT, since: null }, { definition });
    await expect(alerting.queries.execute(query)).rejects.toMatchObject({ code: 'back-test-unsupported' });
  });

  it('knows no rule of another tenant', async () => {
    const ruleId = await alerting.defineRule([]);
    const asked = alerting.queries.execute(new BackTestDefinedRuleQuery({ tenantId: TENANT + 1, since: null }, ruleId));
    await expect(asked).rejects.toMatchObject({ code: 'alert-rule-not-found' });
  });
});
