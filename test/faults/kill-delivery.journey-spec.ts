import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '../..');

it('loses no message and tells none once too often when the process is killed at each step of a delivery, on both queues', () => {
  execFileSync(process.execPath, [join(ROOT, '.ci/build.mjs'), '--if-stale'], { stdio: 'ignore' });
  const harness = [join(ROOT, 'test/faults/kill-delivery.mjs'), '--seeds', '1', '--from', '7'];
  const printed = execFileSync(process.execPath, harness, { encoding: 'utf8' });
  expect(printed).toContain('nothing lost, nothing told once too often');
});
