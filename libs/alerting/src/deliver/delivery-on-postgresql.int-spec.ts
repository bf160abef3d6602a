import { describeDelivery } from './delivery.features';
import { describeDeliveryFaults } from './delivery-faults.features';

describe('delivery on the PostgreSQL queue', () => {
  describeDelivery(() => undefined);
  describeDeliveryFaults(() => undefined);
});
