import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';
import type { UnclassifiedSettlementClassifiedData } from '../events';

export type SettlementClass = UnclassifiedSettlementClassifiedData['type'];

/**
 * Says what an unclassified settlement was. Its amount and date stay; readings from before this was known keep seeing it unclassified.
 * Classified once, it stays what it is: a mistake is mended by movements.
 * @throws Refusal `movement-not-found`, `movement-not-unclassified`
 */
export class ClassifySettlementCommand extends Command<{ id: string; type: SettlementClass }> {
  constructor(
    readonly context: RequestContext,
    readonly movementId: string,
    readonly classification: { readonly type: SettlementClass; readonly reason: string },
  ) {
    super();
  }
}
