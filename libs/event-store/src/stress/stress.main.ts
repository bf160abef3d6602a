import { Client } from 'pg';
import { migrate, migrations, registerEventTypes, type SettlingStrategy } from '../index';
import { runStress, stressCatalogue, stressPassed } from './run-stress';

const STRATEGIES: readonly SettlingStrategy['name'][] = ['sequence-lock', 'horizon'];
const USAGE = 'usage: stress.main <superuser url> [seeds, e.g. 1,2,3] [events] [writers] [sequence-lock | horizon, else both]';

/** Runs the stress harness for both settling strategies and prints one line a run. */
async function main([url, seeds = '1', events = '100000', writers = '8', only]: string[]): Promise<void> {
  if (url === undefined) throw new Error(USAGE);
  const server = new Client({ connectionString: url });
  await server.connect();
  for (const seed of seeds.split(',').map(Number)) {
    for (const strategy of STRATEGIES.filter((name) => only === undefined || name === only)) {
      const name = `es_stress_${process.pid}`;
      await server.query(`CREATE DATABASE ${name}`);
      const target = new URL(url);
      target.pathname = `/${name}`;
      try {
        await migrate(target.toString(), [migrations]);
        await registerEventTypes(target.toString(), stressCatalogue);
        const report = await runStress({
          ownerUrl: target.toString(),
          seed,
          writers: Number(writers),
          events: Number(events),
          strategy,
          killEveryMs: 150,
        });
        process.stdout.write(`${stressPassed(report) ? 'ok    ' : 'FAILED'} ${JSON.stringify(report)}\n`);
        if (!stressPassed(report)) process.exitCode = 1;
      } finally {
        await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
      }
    }
  }
  await server.end();
}

void main(process.argv.slice(2));
