import type { Position } from '@app/event-store';
import type { ProvisionCalculator } from '../calculate/provision-calculator';

interface GrossAndAllowance {
  readonly gross: bigint;
  readonly allowance: bigint;
}

/** The allowance a run at the same dates would give, or why there is none. */
export type AllowanceAt =
  | {
      readonly ok: true;
      readonly total: GrossAndAllowance;
      readonly collective: GrossAndAllowance;
      readonly staged: GrossAndAllowance;
      readonly individual: GrossAndAllowance;
    }
  | { readonly ok: false; readonly reason: string };

/** Computes the allowance of one kind (null = all) and one entity (null = all) with overlays, in the given currency, by side of the book. */
export async function allowanceAt(
  calculator: ProvisionCalculator,
  at: { readonly tenantId: number; readonly asOf: string; readonly position: Position },
  asked: { readonly kind: string | null; readonly entityId: string | null; readonly currency: string },
): Promise<AllowanceAt> {
  const request = { kinds: asked.kind === null ? null : [asked.kind], scheme: null, currency: asked.currency };
  const provision = await calculator.provision(at, request);
  if (!provision.ok) return { ok: false, reason: provision.problem.code };
  const { shares } = provision.value.output;
  const sumOf = (side: string | null): GrossAndAllowance => {
    const own = shares.filter(
      (share) => (side === null || share.side === side) && (asked.entityId === null || share.entityId === asked.entityId),
    );
    return {
      gross: own.reduce((sum, { presentationGross }) => sum + BigInt(presentationGross), 0n),
      allowance: own.reduce(
        (sum, { presentationAllowance, presentationOverlay }) => sum + BigInt(presentationAllowance) + BigInt(presentationOverlay),
        0n,
      ),
    };
  };
  return { ok: true, total: sumOf(null), collective: sumOf('collective'), staged: sumOf('staged'), individual: sumOf('individual') };
}
