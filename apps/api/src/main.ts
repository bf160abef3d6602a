import { runProcess } from '@app/platform';
import { startApiProcess } from './api-process';

runProcess(startApiProcess);
