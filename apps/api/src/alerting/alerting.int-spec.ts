import { startTestApi, type Answer, type TestApi } from '../test-api.fixture';

const share = {
  type: 'ageing-share-shift',
  scheme: 'months-6-12-24-36-48',
  olderThan: { months: 36 },
  kinds: ['trade'],
  base: 'same-date-last-year',
  enter: '0.10',
};
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('alerting over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  }, 120_000);
  afterAll(() => api.stop());

  const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    api.call('POST', path, { body, headers });
  const idOf = ({ body }: Answer): string => String(body['id']);
  const rule = (definition: object, rest: object = {}): object => ({ name: 'Over three years', channels: [], definition, ...rest });

  describe('rules', () => {
    it('are defined, read back as they were sent with their defaults, amended under their version and retired', async () => {
      const created = await post('/v1/alert-rules', rule(share));
      expect(created.status).toBe(201);
      const path = `/v1/alert-rules/${idOf(created)}`;
      expect(created.headers.get('location')).toBe(path);
      const shown = await api.call('GET', path);
      expect(shown.headers.get('etag')).toBe('"1"');
      expect(shown.body).toMatchObject({
        version: 1,
        status: 'active',
        severity: 'warning',
        definition: { ...share, assessed: 'all', exit: '0.08' },
        forPeriods: 1,
        recoverPeriods: 2,
        noData: 'keep',
        notification: null,
        evaluation: null,
      });
      const amended = rule({ ...share, exit: '0.05' });
      expect((await api.call('PUT', path, { body: amended, headers: { 'if-match': '"1"' } })).headers.get('etag')).toBe('"2"');
      expect((await api.call('PUT', path, { body: rule(share), headers: { 'if-match': '"1"' } })).status).toBe(412);
      expect((await api.call('PUT', path, { body: amended })).headers.get('etag')).toBe('"2"');
      expect((await api.call('DELETE', path)).status).toBe(204);
      expect((await api.call('GET', path)).body['status']).toBe('retired');
      expect((await api.call('PUT', path, { body: rule(share) })).body['code']).toBe('alert-rule-retired');
      expect((await api.call('GET', '/v1/alert-rules')).body['items']).toEqual([]);
    });

    const refused: readonly (readonly [string, object, string])[] = [
      ['a type that does not exist', rule({ ...share, type: 'moon-phase' }), '/definition/type'],
      ['a field that does not exist', rule({ ...share, olderTan: 3 }), '/definition/olderTan'],
      ['a threshold that is a number', rule({ ...share, enter: 0.1 }), '/definition/enter'],
      ['a threshold of nothing', rule({ ...share, enter: '0.000' }), '/definition/enter'],
      ['a threshold above one', rule({ ...share, enter: '1.1' }), '/definition/enter'],
      ['an exit above the entry', rule({ ...share, exit: '0.2' }), '/definition/exit'],
      ['an unknown base', rule({ ...share, base: 'yesterday' }), '/definition/base'],
      ['a kind without expected credit losses', rule({ ...share, kinds: ['non_financial'] }), '/definition/kinds/0'],
      ['an age in two units', rule({ ...share, olderThan: { months: 3, years: 1 } }), '/definition/olderThan'],
      ['a name that would break a mail header', rule(share, { name: 'a\r\nBcc: everybody@example.com' }), '/name'],
      [
        'a segment whose coverage is not known',
        rule({ type: 'coverage-shift', base: 'previous-close', enter: '0.1', segment: 'S' }),
        '/definition/segment',
      ],
      ['a channel that is no id', rule(share, { channels: ['slack'] }), '/channels/0'],
    ];
    const mix = { type: 'ageing-mix-shift', scheme: 'days-past-due-30-60-90', base: 'same-date-last-year' };
    const drift = { type: 'roll-rate-drift', scheme: 'days-past-due-30-60-90', enter: '0.10' };
    const jump = { type: 'allowance-jump', base: 'last-sealed-run', enter: '0.25' };
    const concentration = { type: 'concentration', enter: '0.30' };
    const rate = { type: 'loss-rate-shift', base: 'previous-close', enter: '0.03' };

    const statistical: readonly (readonly [object, object])[] = [
      [mix, { ...mix, assessed: 'all', enter: '0.10', exit: '0.08', confidence: '0.995', minimumDebtors: 10 }],
      [
        { ...mix, enter: '0.25', exit: '0.1', confidence: '0.99', kinds: ['trade'], segment: 'North' },
        { enter: '0.25', exit: '0.1', confidence: '0.99', kinds: ['trade'], segment: 'North' },
      ],
      [drift, { ...drift, base: 'previous-close', assessed: 'all', exit: '0.08' }],
      [
        { ...jump, materialityAmount: { amount: '50000.00', currency: 'CNY' } },
        { exit: '0.2', materialityAmount: { amount: '50000.00', currency: 'CNY' } },
      ],
      [concentration, { ...concentration, measure: 'largest-debtor', base: 'previous-close', exit: '0.24' }],
      [
        { ...concentration, measure: 'top-debtors', count: 3 },
        { measure: 'top-debtors', count: 3 },
      ],
      [
        { ...rate, enterRelative: '0.10', materialityAmount: { amount: '100.00', currency: 'CNY' }, minimumDebtors: 5 },
        { enterRelative: '0.10', materialityAmount: { amount: '100.00', currency: 'CNY' }, minimumDebtors: 5, materiality: '0.01' },
      ],
    ];
    it.each(statistical)('take %j and show it with its defaults', async (definition, shown) => {
      const created = await post('/v1/alert-rules', rule(definition));
      expect(created.status).toBe(201);
      const path = `/v1/alert-rules/${idOf(created)}`;
      expect((await api.call('GET', path)).body['definition']).toMatchObject(shown);
      expect((await api.call('DELETE', path)).status).toBe(204);
    });

    const refusedStatistical: readonly (readonly [string, object, string])[] = [
      ['a confidence of certainty', { ...mix, confidence: '1' }, '/definition/confidence'],
      ['a level of the index that is no number', { ...mix, enter: 'high' }, '/definition/enter'],
      ['an exit that is no number', { ...mix, exit: 'low' }, '/definition/exit'],
      ['an exit of a jump that is no number', { ...jump, exit: '-1' }, '/definition/exit'],
      ['a confidence that is no number', { ...mix, confidence: 'very' }, '/definition/confidence'],
      ['a threshold that is no number', { ...drift, enter: 'x', exit: '0.1' }, '/definition/enter'],
      ['a confidence below a half', { ...mix, confidence: '0.4' }, '/definition/confidence'],
      ['a level of the index of nothing', { ...mix, enter: '0.0' }, '/definition/enter'],
      ['a level of the index beyond any', { ...mix, enter: '10.1' }, '/definition/enter'],
      ['an exit of the index above its entry', { ...mix, exit: '0.2' }, '/definition/exit'],
      ['no debtors as a minimum', { ...mix, minimumDebtors: 0 }, '/definition/minimumDebtors'],
      ['half a debtor', { ...mix, minimumDebtors: 10.5 }, '/definition/minimumDebtors'],
      ['an ageing compared with a sealed run, which holds none', { ...mix, base: 'last-sealed-run' }, '/definition/base'],
      ['a roll rate from a sealed run', { ...drift, base: 'last-sealed-run' }, '/definition/base'],
      ['a field of another type of rule', { ...drift, confidence: '0.99' }, '/definition/confidence'],
      ['a floor of nothing', { ...jump, materialityAmount: { amount: '0.00', currency: 'CNY' } }, '/definition/materialityAmount/amount'],
      [
        'a floor below the minor unit',
        { ...jump, materialityAmount: { amount: '1.001', currency: 'CNY' } },
        '/definition/materialityAmount/amount',
      ],
      [
        'a floor in a currency that does not exist',
        { ...jump, materialityAmount: { amount: '1', currency: 'XXQ' } },
        '/definition/materialityAmount/currency',
      ],
      ['a relative threshold of nothing', { ...rate, enterRelative: '0' }, '/definition/enterRelative'],
      ['debtors asked for of a sealed run', { ...rate, base: 'last-sealed-run', minimumDebtors: 5 }, '/definition/base'],
      ['a segment whose individual allowances are not known', { ...jump, segment: 'S' }, '/definition/segment'],
      ['a measure of concentration that does not exist', { ...concentration, measure: 'gini' }, '/definition/measure'],
      ['more debtors than a close names', { ...concentration, measure: 'top-debtors', count: 11 }, '/definition/count'],
      ['a count that nothing counts', { ...concentration, count: 3 }, '/definition/count'],
      ['two kinds whose debtors may be the same', { ...concentration, kinds: ['trade', 'other'] }, '/definition/kinds'],
      ['a segment of a kind', { ...concentration, kinds: ['trade'], segment: 'S' }, '/definition/segment'],
    ];
    it.each(refusedStatistical)('refuse %s and point at it', async (_what, definition, pointer) => {
      const answer = await post('/v1/alert-rules', rule(definition));
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'validation-failed' });
      expect(JSON.stringify(answer.body['errors'])).toContain(`"pointer":"${pointer}"`);
    });

    it.each(refused)('refuse %s and point at it', async (_what, body, pointer) => {
      const answer = await post('/v1/alert-rules', body);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ code: 'validation-failed' });
      expect(JSON.stringify(answer.body['errors'])).toContain(`"pointer":"${pointer}`);
    });

    const refusedByTheBook: readonly (readonly [string, object, string])[] = [
      ['an age inside a bucket', rule({ ...share, olderThan: { months: 30 } }), 'age-limit-not-a-boundary'],
      ['a scheme nobody defined', rule({ ...share, scheme: 'nobodys' }), 'ageing-scheme-unknown'],
      ['the mix of a scheme nobody defined', rule({ ...mix, scheme: 'nobodys' }), 'ageing-scheme-unknown'],
      ['a roll rate from the last bucket', rule({ ...drift, bucket: 'Over 90' }), 'bucket-unknown'],
      ['a roll rate from a bucket that does not exist', rule({ ...drift, bucket: 'Unheard of' }), 'bucket-unknown'],
      ['a channel nobody registered', rule(share, { channels: [NOWHERE] }), 'channel-unknown'],
    ];
    it.each(refusedByTheBook)('refuse %s', async (_what, body, code) => {
      const answer = await post('/v1/alert-rules', body);
      expect(answer.status).toBe(422);
      expect(answer.body['code']).toBe(code);
    });

    it('are made once under one Idempotency-Key', async () => {
      const headers = { 'idempotency-key': 'rule-once' };
      const first = await post('/v1/alert-rules', rule(share), headers);
      expect(idOf(await post('/v1/alert-rules', rule(share), headers))).toBe(idOf(first));
      expect(await api.call('GET', '/v1/alert-rules')).toMatchObject({ body: { items: [{ id: idOf(first) }] } });
    });

    it('that are not there are 404 for reading, amending and retiring', async () => {
      const path = `/v1/alert-rules/${NOWHERE}`;
      expect((await api.call('GET', path)).status).toBe(404);
      expect((await api.call('PUT', path, { body: rule(share) })).status).toBe(404);
      expect((await api.call('DELETE', path)).status).toBe(404);
    });
  });

  it('pages deliveries without repeating or skipping one while more are asked for', async () => {
    const id = idOf(await post('/v1/channels', { type: 'slack', webhookUrl: 'http://127.0.0.1:9/hook' }));
    const asked = [
      idOf(await post(`/v1/channels/${id}/test`)),
      idOf(await post(`/v1/channels/${id}/test`)),
      idOf(await post(`/v1/channels/${id}/test`)),
    ];
    const first = await api.call('GET', `/v1/deliveries?channelId=${id}&limit=2`);
    await post(`/v1/channels/${id}/test`);
    const second = await api.call('GET', `/v1/deliveries?channelId=${id}&limit=2&cursor=${String(first.body['next'])}`);
    const ids = [first, second].flatMap(({ body }) => (body['items'] as { id: string }[]).map((item) => item.id));
    expect(ids).toEqual([...asked].reverse());
    expect(second.body['next']).toBeNull();
  });

  it('answers for alerts that are not there', async () => {
    expect((await api.call('GET', '/v1/alerts')).body).toEqual({ items: [], next: null });
    expect((await api.call('GET', `/v1/alerts/${NOWHERE}`)).status).toBe(404);
    expect((await post(`/v1/alerts/${NOWHERE}/acknowledge`)).status).toBe(404);
    expect((await api.call('GET', '/v1/alerts?state=maybe')).status).toBe(422);
  });
});
