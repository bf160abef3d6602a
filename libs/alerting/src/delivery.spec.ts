import type { JsonObject, StoredEvent } from '@app/event-store';
import { attemptsInSeries, type Delivery, foldDeliveries, openAttempt } from './delivery';

const deliveryId = 'd1';
const failed = { deliveryId, attempts: 1, cause: 'attempts-exhausted', reason: 'slack-timeout', fallbackDeliveryId: null };

/** The delivery after these events, one a second. */
function after(...events: readonly (readonly [type: string, data: JsonObject])[]): Delivery {
  const all = [['DeliveryRequested', { deliveryId }] as const, ...events];
  const stored = all.map(([type, data], index) => ({
    type,
    data,
    key: deliveryId,
    version: index + 1,
    position: BigInt(index + 1),
    recordedAt: new Date(index * 1_000),
  }));
  const [delivery] = foldDeliveries(stored as unknown as StoredEvent[]);
  if (delivery === undefined) throw new Error('no delivery');
  return delivery;
}
const attempted = (attempt: number) => ['DeliveryAttempted', { deliveryId, attempt }] as const;
const endedAs = (attempt: number, outcome: string) =>
  ['DeliveryAttemptEnded', { deliveryId, attempt, outcome, reason: 'r', retryAfterSeconds: null, delayMs: 0 }] as const;
const replayed = ['DeliveryReplayed', { deliveryId, series: 2 }] as const;

describe('a delivery as its events say', () => {
  it('may have arrived while an attempt is open or had no answer: sent again unasked it would be told twice', () => {
    expect(openAttempt(after())).toBeNull();
    expect(openAttempt(after(attempted(1)))?.attempt).toBe(1);
    expect(openAttempt(after(attempted(1), endedAs(1, 'unknown')))?.attempt).toBe(1);
    expect(openAttempt(after(attempted(1), endedAs(1, 'retry')))).toBeNull();
    expect(openAttempt(after(attempted(1), endedAs(1, 'not-arrived')))).toBeNull();
    expect(openAttempt(after(attempted(1), ['DeliverySucceeded', { deliveryId }]))).toBeNull();
  });

  it('still may have arrived when it was given up without an answer and is replayed, and not when it was refused', () => {
    expect(openAttempt(after(attempted(1), ['DeliveryFailed', { ...failed, perhapsArrived: true }], replayed))?.attempt).toBe(1);
    expect(openAttempt(after(attempted(1), ['DeliveryFailed', { ...failed, perhapsArrived: false }], replayed))).toBeNull();
  });

  it('has all its attempts again after a replay', () => {
    const again = after(attempted(1), ['DeliveryFailed', { ...failed, perhapsArrived: false }], replayed, attempted(2));
    expect([again.outcome.state, again.series, attemptsInSeries(again), again.attempts.length]).toEqual(['pending', 2, 1, 2]);
  });
});
