import { retryDelayMs } from './job-runner';

describe('the pause before a failed job runs again', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [4, 16_000],
    [20, 300_000],
  ])('after %i earlier failures is %i ms, and at most a fifth more', (failures, expectedMs) => {
    expect(retryDelayMs(failures, 0)).toBe(expectedMs);
    expect(retryDelayMs(failures, 1)).toBeCloseTo(expectedMs * 1.2);
  });
});
