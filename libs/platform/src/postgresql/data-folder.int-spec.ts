import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { prepareDataFolder } from './data-folder';
import { EmbeddedPostgresql } from './embedded-postgresql';
import { isRunning } from './processes';
import { chooseServerUser } from './server-user';

describe('the embedded server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'arrears-embedded-'));
  const asked = { folder, isDefault: false, forServer: true };
  const quiet = (): void => undefined;
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs in a folder that only its maker could enter, with passwords and durable commits, on the loopback interface alone', async () => {
    const dataFolder = prepareDataFolder(asked, quiet);
    expect(dataFolder).toBe(folder);
    const server = await EmbeddedPostgresql.start({ dataFolder, password: 'a password of twenty', durable: true, notice: quiet });
    const client = new Client({ connectionString: server.connectionString });
    await client.connect();
    const { rows } = await client.query<Record<string, string>>(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, current_setting('data_checksums') AS checksums,
              current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', checksums: 'on', listen: '127.0.0.1', sockets: '' }]);
    await client.end();
    const stranger = new Client({ connectionString: server.connectionString.replace('a%20password%20of%20twenty', 'wrong') });
    await expect(stranger.connect()).rejects.toThrow('password');
    await server.stop();
  }, 60_000);

  it('refuses a folder somebody asked for when its account cannot get there, and names the closed folder', () => {
    if (chooseServerUser() === null) return;
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    expect(() => prepareDataFolder({ ...asked, folder: join(closed, 'data') }, quiet)).toThrow(closed);
  });

  it('leaves a folder alone when no server is to run in it', () => {
    const closed = join(folder, 'no-server');
    mkdirSync(closed, { mode: 0o700 });
    expect(prepareDataFolder({ folder: join(closed, 'data'), isDefault: false, forServer: false }, quiet)).toBe(join(closed, 'data'));
    expect(statSync(closed).mode & 0o777).toBe(0o700);
  });

  it('takes no process for itself that is not there', () => {
    expect(isRunning(2 ** 22 + 1)).toBe(false);
  });
});
