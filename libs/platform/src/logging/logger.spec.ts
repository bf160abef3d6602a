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
});
