import { assessmentOfDebtor, claim, measured, overlay } from './engine.fixture';
import { isInOverlayScope } from './index';

const codes = ({ result }: ReturnType<typeof measured>) => result.warnings.map(({ code }) => code);

describe('overlays', () => {
  it('stand beside the lines and count in the totals, by kind and by class', () => {
    const { result } = measured({
      collective: [claim({ amount: 30_000n, class: 'a' }), claim({ amount: 10_000n, class: 'b', related: true })],
      overlays: [overlay({ amount: 1_001n })],
    });
    expect(result.collective[0]).toMatchObject({ gross: 40_000n, allowance: 400n, rate: '0.01' });
    expect(result.overlays).toMatchObject([{ overlayId: 'O1', amount: 1_001n, presentationAmount: 1_001n, presentationGross: 40_000n }]);
    expect(result.total).toMatchObject({ allowance: 1_401n, overlays: 1_001n, collective: { allowance: 400n } });
    expect(result.shares.map(({ class: name, allowance, presentationOverlay }) => [name, allowance, presentationOverlay])).toEqual([
      ['a', 300n, 751n],
      ['b', 100n, 250n],
    ]);
  });

  it('are in force from their first to their last day and at no other time', () => {
    const on = (asOf: string) => measured({ asOf, collective: [claim()], overlays: [overlay()] }).result.overlays.length;
    expect(['2024-11-30', '2024-12-01', '2025-03-31', '2025-04-01'].map(on)).toEqual([0, 1, 1, 0]);
  });

  it('are held so that the allowance stays between nothing and the exposure, and say so', () => {
    const lowered = measured({ collective: [claim()], overlays: [overlay({ amount: -500n })] });
    expect([lowered.result.overlays[0]?.amount, lowered.result.total.allowance, codes(lowered)]).toEqual([-100n, 0n, ['overlay-clamped']]);
    const raised = measured({ collective: [claim()], overlays: [overlay({ amount: 99_999n })] });
    expect([raised.result.overlays[0]?.amount, raised.result.total.allowance]).toEqual([9_900n, 10_000n]);
  });

  it('one after the other never take more than is there, however their scopes overlap', () => {
    const { result } = measured({
      collective: [claim({ segment: 'a', bucket: 1 }), claim({ segment: 'b' })],
      overlays: [
        overlay({ overlayId: 'whole', amount: -1_200n }),
        overlay({ overlayId: 'part', segment: 'a', amount: -5_000n, approvedAt: 8n }),
        overlay({ overlayId: 'more', segment: 'b', amount: -5_000n, approvedAt: 9n }),
      ],
    });
    expect(result.overlays.map(({ amount }) => amount)).toEqual([-1_200n, -150n, 0n]);
    expect(result.total.allowance).toBe(0n);
  });

  it('without exposure in their scope add nothing and are told, or a forgotten overlay would look applied', () => {
    const outcome = measured({ collective: [claim()], overlays: [overlay({ class: 'deposits' })] });
    expect([outcome.result.overlays[0]?.amount, outcome.result.total.allowance, codes(outcome)]).toEqual([
      0n,
      100n,
      ['overlay-without-exposure'],
    ]);
  });

  it('leave individual assessments alone: they are judgements of their own', () => {
    const { result } = measured({
      individual: [{ ...claim(), debtorId: 'D9' }],
      assessments: [assessmentOfDebtor()],
      overlays: [overlay()],
    });
    expect([result.overlays[0]?.amount, result.total.allowance]).toEqual([0n, 5_000n]);
    expect(isInOverlayScope(overlay(), { side: 'individual', kind: 'trade', entityId: 'main', class: '', segment: 'std' })).toBe(false);
  });

  it('in another currency are translated, and a held one is shown in both', () => {
    const { result } = measured({ collective: [claim()], overlays: [overlay({ amount: -100n, currency: 'USD' })] });
    expect(result.overlays).toMatchObject([{ approvedAmount: -100n, amount: -14n, presentationAmount: -100n }]);
  });
});
