import { runProcess } from '@app/platform';
import { startStandalone } from './standalone';

runProcess(startStandalone);
