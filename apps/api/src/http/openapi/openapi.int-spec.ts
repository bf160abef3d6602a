import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RouteRegistry } from '../route-registry';
import { startTestApi, type TestApi } from '../../test-api.fixture';

const LINT_TIMEOUT_MS = 120_000;

describe('the API description', () => {
  let api: TestApi;
  let document: { paths: Record<string, Record<string, Record<string, unknown>>> };
  beforeAll(async () => {
    api = await startTestApi();
    document = JSON.parse((await api.call('GET', '/openapi.json', { key: null })).text) as typeof document;
  });
  afterAll(() => api.stop());

  it(
    'is valid OpenAPI 3.1, or no client could be generated from it',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'arrears-openapi-'));
      try {
        writeFileSync(join(folder, 'openapi.json'), JSON.stringify(document));
        writeFileSync(join(folder, 'redocly.yaml'), 'extends: [recommended-strict]\n');
        const cli = join(dirname(createRequire(__filename).resolve('@redocly/cli/package.json')), 'bin/cli.js');
        const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NODE_OPTIONS: '' };
        const { status, stdout } = spawnSync(process.execPath, [cli, 'lint', 'openapi.json'], {
          cwd: folder,
          env: environment,
          encoding: 'utf8',
        });
        expect({ status, complaints: status === 0 ? '' : stdout }).toEqual({ status: 0, complaints: '' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    LINT_TIMEOUT_MS,
  );

  it('names who may call every route, or an integrator asks for the administrator key', () => {
    const unnamed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => !String(operation['description']).match(/Roles: |Anyone/))
        .map(([method]) => `${method} ${path}`),
    );
    expect(unnamed).toEqual([]);
  });

  it('says what every route answers, or a client has to guess the fields', () => {
    const silent = api.app
      .get(RouteRegistry, { strict: false })
      .routes.filter(
        ({ returns, status }) =>
          returns === undefined || (returns.body === undefined && returns.contentType === undefined && status !== 204),
      )
      .map(({ method, path }) => `${method} ${path}: add @Returns({ summary, body })`);
    expect(silent).toEqual([]);
  });

  it('can be read as a page that loads nothing and runs nothing', async () => {
    const page = await api.call('GET', '/docs', { key: null });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('/v1/principals');
    expect(page.text).not.toMatch(/<script|src=|https?:\/\//);
  });
});
