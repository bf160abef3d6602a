import type { NoteFacts } from '@app/credit-domain';
import type { ProvisionRunCompletedData } from '../events';

type FactsOfRun = Pick<NoteFacts, 'shares' | 'matrix' | 'individual' | 'overlays' | 'segments'> & {
  readonly byCurrency: NoteFacts['byCurrency'];
};

/** What the lines of a run say, in its presentation currency. */
export function factsOfRun(run: ProvisionRunCompletedData): FactsOfRun {
  return {
    shares: run.shares.map(({ kind, class: className, related, side, stage, ...share }) => ({
      ...{ kind, class: className, related, side, stage },
      gross: BigInt(share.presentationGross),
      allowance: BigInt(share.presentationAllowance) + BigInt(share.presentationOverlay),
    })),
    matrix: run.collective.map(({ kind, segment, bucket, presentationGross, presentationAllowance }) => ({
      ...{ kind, segment, bucket },
      gross: BigInt(presentationGross),
      allowance: BigInt(presentationAllowance),
    })),
    individual: run.individual.map(({ kind, reason, presentationGross, presentationAllowance, presentationMatrixAllowance }) => ({
      ...{ kind, reason },
      gross: BigInt(presentationGross),
      allowance: BigInt(presentationAllowance),
      matrixAllowance: presentationMatrixAllowance === null ? null : BigInt(presentationMatrixAllowance),
    })),
    overlays: run.overlays.map(({ overlayId, kind, reason, presentationAmount }) => ({
      ...{ overlayId, kind, reason },
      amount: BigInt(presentationAmount),
    })),
    segments: segmentsOf(run),
    byCurrency: run.carryingByCurrency.map(({ currency, kind, presentationGross, presentationAllowance, presentationOverlay }) => ({
      ...{ currency, kind },
      gross: BigInt(presentationGross),
      allowance: BigInt(presentationAllowance) + BigInt(presentationOverlay),
    })),
  };
}

function segmentsOf({ collective, staged, individual }: ProvisionRunCompletedData): NoteFacts['segments'] {
  const segments = new Map<string, { gross: bigint; allowance: bigint }>();
  for (const { segment, presentationGross, presentationAllowance } of [...collective, ...staged, ...individual]) {
    const known = segments.get(segment) ?? { gross: 0n, allowance: 0n };
    segments.set(segment, {
      gross: known.gross + BigInt(presentationGross),
      allowance: known.allowance + BigInt(presentationAllowance),
    });
  }
  return [...segments].map(([segment, figures]) => ({ segment, ...figures }));
}
