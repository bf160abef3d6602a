import { openTestRedis, redisAnswers, type TestRedis } from '@app/testing';
import { Logger } from '../logging/logger';
import { openQueueBackend } from '../queue/bullmq-backend';
import { describeIntents } from './intents.features';

(redisAnswers() ? describe : describe.skip)('intents on the Redis queue', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(async () => {
    await redis.close();
  });

  describeIntents({
    open: (database) => openQueueBackend({ redisUrl: redis.url, prefix: 'test', postgresUrl: database.workerUrl }, new Logger('silent')),
    lose: () => redis.forgetEverything(),
  });
});
