/** The events of one account of an entity, kind and currency, over all dates. */
export const CONTROL_TOTAL_CATEGORY = 'control-total';

export interface ControlKey {
  readonly entityId: string;
  readonly kind: string;
  readonly currency: string;
  readonly account: string;
}

/** The stream of an account: no part but the last can hold the separator's neighbours, so two accounts never share one. */
export function controlStream({ entityId, kind, currency, account }: ControlKey): string {
  return [kind, currency, `${String(entityId.length)}:${entityId}`, account].join('/');
}
