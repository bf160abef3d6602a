import { runProcess } from '@app/platform';
import { startWorkerProcess } from './worker-process';

runProcess(startWorkerProcess);
