import { Client } from 'pg';
import { Logger } from '../logging/logger';
import { openQueueBackend } from '../queue/bullmq-backend';
import { describeIntents } from './intents.features';

describe('intents on the PostgreSQL queue', () => {
  describeIntents({
    open: (database) => openQueueBackend({ redisUrl: null, prefix: 'test', postgresUrl: database.workerUrl }, new Logger('silent')),
    lose: async (database) => {
      const owner = new Client({ connectionString: database.ownerUrl });
      await owner.connect();
      await owner.query('TRUNCATE bullmq.job CASCADE');
      await owner.end();
    },
  });
});
