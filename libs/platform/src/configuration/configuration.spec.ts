import { readConfiguration } from './configuration';

describe('the environment', () => {
  it('may be empty: everything has a default, and an empty variable counts as not set', () => {
    const configuration = readConfiguration({ REDIS_URL: '', ARREARS_ADMIN_KEY: '' });
    expect(configuration).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      redisUrl: null,
      adminKey: null,
      timeZone: 'UTC',
      publicUrl: 'http://127.0.0.1:3000',
      allowPrivateWebhooks: 'none',
      dataFolderIsDefault: true,
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://somewhere'],
    ['REDIS_URL', 'localhost:6379'],
    ['ARREARS_ADMIN_KEY', 'x'.repeat(31)],
    ['ARREARS_MASTER_KEY', 'short'],
    ['ARREARS_TIME_ZONE', 'Mars/Olympus'],
    ['LOG_LEVEL', 'loud'],
    ['ARREARS_PUBLIC_URL', 'javascript:alert(1)'],
    ['ARREARS_ALLOW_PRIVATE_WEBHOOKS', 'everything'],
  ])('%s=%s stops the start with one line that names the variable and never its value', (name, value) => {
    let message = '';
    try {
      readConfiguration({ [name]: value });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(name);
    expect(message).not.toContain(value);
    expect(message).not.toContain('\n');
  });

  it.each([
    ['hexadecimal', 'ab'.repeat(32)],
    ['base64', Buffer.alloc(32, 7).toString('base64')],
    ['base64url', Buffer.alloc(32, 255).toString('base64url')],
  ])('takes a master key in %s', (_, text) => {
    expect(readConfiguration({ ARREARS_MASTER_KEY: text }).masterKey).toHaveLength(32);
  });
});
