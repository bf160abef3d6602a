// npm start: builds when the sources have changed, then runs everything in this process.
import { buildIfStale } from '../../.ci/build.mjs';

buildIfStale();
await import('../../dist/apps/standalone/src/main.js');
