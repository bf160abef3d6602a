import { eventually, startFakeSlack, startFakeSmtp, type FakeSlack, type FakeSmtp } from '@app/testing';
import { TENANT, TestAlerting } from '../alerting.fixture';
import type { Delivery } from '../delivery';
import { ListDeliveriesQuery } from '../list-deliveries/list-deliveries.query';
import { TestChannel } from '../test-channel/test-channel.command';
import type { DeliverJob } from './deliver.job';

const NEVER_ABORTED = new AbortController().signal;

/** Alerting with a Slack and a mail server to talk to, on the queue that is given; undefined takes PostgreSQL. */
export class DeliveryBench {
  private constructor(
    readonly alerting: TestAlerting,
    readonly slack: FakeSlack,
    readonly smtp: FakeSmtp,
  ) {}

  static async open(redisUrl: string | undefined): Promise<DeliveryBench> {
    return new DeliveryBench(await TestAlerting.open(redisUrl), await startFakeSlack(), await startFakeSmtp());
  }

  async stop(): Promise<void> {
    await this.slack.stop();
    await this.smtp.stop();
    await this.alerting.stop();
  }

  /** Newest first. */
  async deliveries(): Promise<readonly Delivery[]> {
    return (await this.alerting.queries.execute(new ListDeliveriesQuery(TENANT, {}, undefined, 100))).items;
  }

  settled(count: number): Promise<void> {
    const isSettled = async (): Promise<boolean> =>
      (await this.deliveries()).filter(({ outcome }) => outcome.state !== 'pending').length === count;
    return eventually(isSettled, 30_000, 'outcomes');
  }

  async outcomes(): Promise<unknown[]> {
    return (await this.deliveries()).map(({ outcome }) => ({
      state: outcome.state,
      ...(outcome.state !== 'pending' && outcome.data),
    }));
  }

  /** Asks for a message to the channel and answers with its delivery. */
  async ask(channelId: string): Promise<string> {
    return (await this.alerting.commands.execute(new TestChannel(this.alerting.context(), channelId))).id;
  }
}

/** A run of a delivery as a worker holds it. */
export function jobOf(key: string): Parameters<DeliverJob['run']>[0] {
  return {
    intentId: key,
    tenantId: TENANT,
    kind: 'deliver',
    key,
    payload: {},
    attempt: 1,
    generation: 1,
    signal: NEVER_ABORTED,
    extendLease: () => Promise.resolve(),
  };
}

/** `it` for whichever queue rings: says so where no Redis answers. */
export function sentences(isSkipped: () => boolean): (name: string, body: () => Promise<void>) => void {
  return (name, body) => {
    it(
      name,
      async () => {
        if (isSkipped()) process.stderr.write(`skipped, no Redis answers: ${name}\n`);
        else await body();
      },
      60_000,
    );
  };
}
