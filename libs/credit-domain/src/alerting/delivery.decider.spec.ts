import type { AttemptOutcome, DeliveryDecision } from './delivery.decider';
import {
  backoffMs,
  decideDelivery,
  decideReconciliation,
  DELIVERY_ATTEMPTS_MAX,
  DELIVERY_DELAY_MS_MAX,
  RECONCILE_MS_MAX,
} from './delivery.decider';

const first = { deliveryId: 'a', attempt: 1, attemptsMax: 3 };
const last = { ...first, attempt: 3 };
const rateLimited: AttemptOutcome = { outcome: 'retry', reason: 'http-429', retryAfterSeconds: 30 };
const broken: AttemptOutcome = { outcome: 'retry', reason: 'http-500', retryAfterSeconds: null };

describe('deciding an attempt', () => {
  const table: readonly (readonly [string, typeof first, AttemptOutcome, DeliveryDecision])[] = [
    ['taken', first, { outcome: 'sent', providerId: 'm1' }, { decision: 'succeeded', providerId: 'm1' }],
    ['taken at the last attempt', last, { outcome: 'sent', providerId: null }, { decision: 'succeeded', providerId: null }],
    ['refused for good', first, { outcome: 'give-up', reason: 'http-404' }, { decision: 'failed', cause: 'permanent', reason: 'http-404' }],
    ['asked to wait', first, rateLimited, { decision: 'retry', delayMs: 30_000, reason: 'http-429' }],
    [
      'asked to wait a month',
      first,
      { ...rateLimited, retryAfterSeconds: 2_592_000 },
      { decision: 'retry', delayMs: 86_400_000, reason: 'http-429' },
    ],
    ['asked to wait at the last attempt', last, rateLimited, { decision: 'failed', cause: 'attempts-exhausted', reason: 'http-429' }],
    ['failed', first, broken, { decision: 'retry', delayMs: backoffMs('a', 1), reason: 'http-500' }],
    [
      'perhaps arrived',
      first,
      { outcome: 'unknown', reason: 'timeout' },
      { decision: 'retry', delayMs: backoffMs('a', 1), reason: 'timeout' },
    ],
    [
      'perhaps arrived, last',
      last,
      { outcome: 'unknown', reason: 'timeout' },
      { decision: 'failed', cause: 'attempts-exhausted', reason: 'timeout' },
    ],
    [
      'failed on a channel that has failed for too long',
      { ...first, fallsBack: true } as typeof first,
      broken,
      { decision: 'failed', cause: 'channel-failing', reason: 'http-500' },
    ],
    [
      'taken by a channel that had failed for too long',
      { ...first, fallsBack: true } as typeof first,
      { outcome: 'sent', providerId: null },
      { decision: 'succeeded', providerId: null },
    ],
  ];
  it.each(table)('%s', (_when, attempt, outcome, decision) => {
    expect(decideDelivery(attempt, outcome)).toEqual(decision);
  });

  it('waits longer each time, differently for each delivery, alike for the same one, and never longer than an hour', () => {
    const waits = Array.from({ length: DELIVERY_ATTEMPTS_MAX }, (_, index) => backoffMs('a', index + 1));
    waits.forEach((wait, index) => {
      const step = Math.min(DELIVERY_DELAY_MS_MAX, 1_000 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(step / 2);
      expect(wait).toBeLessThanOrEqual(step);
    });
    expect(backoffMs('a', 4)).toBe(backoffMs('a', 4));
    expect(backoffMs('a', 4)).not.toBe(backoffMs('b', 4));
  });
});

describe('deciding what a message without an answer came to', () => {
  const cannotSay = { found: 'unknown', reason: 'http-503', retryAfterSeconds: null } as const;

  it('never sends again what the channel has', () => {
    expect(decideReconciliation({ found: 'arrived', providerId: 'm1' }, 0)).toEqual({ decision: 'arrived', providerId: 'm1' });
  });

  it('sends again what the channel has not: otherwise the message is lost', () => {
    expect(decideReconciliation({ found: 'not-arrived' }, 0)).toEqual({ decision: 'send' });
  });

  it('asks again a channel that cannot say, as late as it wants, and after five minutes rather sends twice than never', () => {
    expect(decideReconciliation(cannotSay, 0)).toEqual({ decision: 'ask-again', delayMs: 5_000, reason: 'http-503' });
    expect(decideReconciliation({ ...cannotSay, retryAfterSeconds: 30 }, 0)).toMatchObject({ delayMs: 30_000 });
    expect(decideReconciliation(cannotSay, RECONCILE_MS_MAX)).toEqual({ decision: 'send' });
  });
});
