// npm run arrears -- <command>: builds when the sources have changed, then runs the command.
import { buildIfStale } from '../../.ci/build.mjs';

buildIfStale();
await import('../../dist/apps/cli/src/main.js');
