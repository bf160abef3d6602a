import { businessDate } from './clock';
import { uuidV5, uuidV7 } from './identifiers';

describe('identifiers', () => {
  it('of version 7 sort by time and are valid, or indexes on them would scatter', () => {
    const early = uuidV7(1_700_000_000_000);
    const late = uuidV7(1_700_000_000_001);
    expect(early < late).toBe(true);
    for (const id of [early, late]) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('of version 5 are the published ones, so that a repeated request names the same thing for ever', () => {
    // RFC 9562, appendix A.4: www.example.com in the DNS namespace.
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});

describe('the business date of an instant', () => {
  it.each([
    ['2026-03-31T15:59:59Z', 'Asia/Shanghai', '2026-03-31'],
    ['2026-03-31T16:00:00Z', 'Asia/Shanghai', '2026-04-01'],
    ['2026-03-31T16:00:00Z', 'UTC', '2026-03-31'],
    ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31'],
  ])('%s in %s is %s', (instant, timeZone, expected) => {
    expect(businessDate(new Date(instant), timeZone)).toBe(expected);
  });
});
