import { join } from 'node:path';
import type { MigrationSource } from '@app/event-store';

export const migrations: MigrationSource = { schema: 'cl', directory: join(__dirname, '../migrations') };
