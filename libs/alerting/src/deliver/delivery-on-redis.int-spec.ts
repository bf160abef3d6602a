import { openTestRedis, redisAnswers, type TestRedis } from '@app/testing';
import { describeDelivery } from './delivery.features';
import { describeDeliveryFaults } from './delivery-faults.features';

(redisAnswers() ? describe : describe.skip)('delivery on the Redis queue', () => {
  let redis: TestRedis | null = null;
  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(async () => {
    await redis?.close();
  });
  describeDelivery(() => redis?.url ?? null);
  describeDeliveryFaults(() => redis?.url ?? null);
});
