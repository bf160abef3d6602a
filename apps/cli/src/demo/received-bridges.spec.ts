import { addsUp, bridgesIn } from './received-bridges';

const MAIL = `Critical: Coverage

Coverage
Opening              52.97 %
mix of the book  +9.93 points
loss rates       +2.80 points
Closing              65.70 %

Allowance of 2 to 3 years
Opening    CNY 1,637,059,000.00
volume         -776,586,877.12
loss rate       +82,922,877.12
Closing      CNY 943,395,000.00`;
const SLACK = '*Coverage*\n```\nOpening      52.97 %\nloss rates   -2.80 points\nClosing      50.16 %\n```';

describe('bridges in a message', () => {
  it('are read as they are printed, so that the demo checks what a reader sees', () => {
    const [coverage, allowance] = bridgesIn(MAIL);
    expect(coverage).toMatchObject({ subject: 'Coverage', opening: 52_97n, closing: 65_70n, decimals: 2 });
    expect([...(coverage?.legs ?? [])]).toEqual([
      ['mix of the book', 9_93n],
      ['loss rates', 2_80n],
    ]);
    expect(coverage === undefined ? false : addsUp(coverage)).toBe(true);
    expect(allowance?.subject).toBe('Allowance of 2 to 3 years');
    expect(allowance?.legs.get('loss rate')).toBe(82_922_877_12n);
  });

  it('do not pass when a reader who adds them up finds a difference', () => {
    const [coverage] = bridgesIn(SLACK);
    expect(coverage).toMatchObject({ subject: 'Coverage', opening: 52_97n, closing: 50_16n });
    expect(coverage === undefined ? true : addsUp(coverage)).toBe(false);
  });

  it('are none in a message without tables', () => {
    expect(bridgesIn('Opening hours: 9 to 5\nClosing soon')).toEqual([]);
  });
});
