/** What the demo prints for one year end, in fen, every figure added up from answers of the API. */
export interface NoteFigures {
  readonly asOf: string;
  readonly buckets: readonly { readonly label: string; readonly gross: bigint; readonly allowance: bigint }[];
  readonly collective: GrossAndAllowance;
  readonly individual: GrossAndAllowance;
  readonly total: GrossAndAllowance;
  /** Allowance that the matrix would give on the individually assessed items. */
  readonly individualByMatrix: bigint;
  readonly ageing: readonly { readonly label: string; readonly gross: bigint }[];
  readonly related: bigint;
  readonly thirdParties: bigint;
  readonly currencies: readonly { readonly currency: string; readonly gross: bigint }[];
}

export interface GrossAndAllowance {
  readonly gross: bigint;
  readonly allowance: bigint;
}
