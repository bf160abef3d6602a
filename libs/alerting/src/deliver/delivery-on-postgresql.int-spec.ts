import { describeDelivery } from './delivery.features';

describe('delivery on the PostgreSQL queue', () => {
  describeDelivery(() => undefined);
});
