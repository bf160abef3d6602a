import { openTestRedis, type TestRedis } from '@app/testing';
import { Logger } from '../logging/logger';
import { openQueueBackend } from '../queue/bullmq-backend';
import { describeIntents } from './intents.features';

describe('intents on the Redis queue', () => {
  let redis: TestRedis | null = null;

  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(async () => {
    await redis?.close();
  });

  describeIntents(() => {
    const found = redis;
    if (found === null) return null;
    return {
      open: (database) => openQueueBackend({ redisUrl: found.url, prefix: 'test', postgresUrl: database.workerUrl }, new Logger('silent')),
      lose: () => found.forgetEverything(),
    };
  });
});
