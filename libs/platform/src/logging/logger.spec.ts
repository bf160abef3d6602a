import { Logger } from './logger';

describe('the log', () => {
  it('never holds a secret, wherever a careless object carries one', () => {
    const lines: string[] = [];
    const logger = new Logger('info', { write: (line: string) => void lines.push(line) });
    logger.log({ headers: { authorization: 'Bearer hunter2' }, key: 'hunter2' }, 'Http');
    logger.warn('careless', { channel: { webhookUrl: 'hunter2' }, request: { headers: { authorization: 'hunter2' } } }, 'Deliver');
    logger.error(new Error('broken'), { configuration: { adminKey: 'hunter2', databaseUrl: 'hunter2' } });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('"context":"Deliver"');
  });

  it('says what went wrong, or nobody could look into what a caller reports, without the rows that a database quotes', () => {
    const lines: string[] = [];
    const logger = new Logger('info', { write: (line: string) => void lines.push(line) });
    const error = Object.assign(new RangeError('not a currency'), { detail: 'Failing row contains (hunter2).' });
    logger.error({ error, requestId: 'r1' }, 'Problem');
    expect(JSON.parse(lines.join(''))).toMatchObject({ requestId: 'r1', error: { type: 'RangeError', message: 'not a currency' } });
    expect(lines.join('')).toContain('logger.spec');
    expect(lines.join('')).not.toContain('hunter2');
  });
});
