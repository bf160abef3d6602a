import { rmSync } from 'node:fs';
import './global-setup';

/** Stops the server of the run, if this run started one, and removes its files. */
export default async function globalTeardown(): Promise<void> {
  const started = globalThis.arrearsTestServer;
  if (started === undefined) return;
  globalThis.arrearsTestServer = undefined;
  await started.server.stop();
  rmSync(started.folder, { recursive: true, force: true });
}
