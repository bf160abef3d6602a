import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { AgeingScheme } from '@app/credit-domain';
import { builtInScheme, validateAgeingScheme } from '@app/credit-domain';
import type { EventStore, JsonObject } from '@app/event-store';
import { VersionConflict } from '@app/event-store';
import type { Clock } from '@app/platform';
import { CLOCK, EVENT_STORE, Refusal, eventContext } from '@app/platform';
import { DefineAgeingSchemeCommand } from './define-scheme.command';
import { SCHEME_CATEGORY } from './schemes';

/**
 * A scheme never changes once defined: figures already given name it. The same definition again is a repeat,
 * another one under its id is refused.
 */
@CommandHandler(DefineAgeingSchemeCommand)
export class DefineAgeingSchemeHandler implements ICommandHandler<DefineAgeingSchemeCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, definition }: DefineAgeingSchemeCommand): Promise<{ id: string }> {
    const validated = validateAgeingScheme(definition);
    if (!validated.ok) {
      throw new Refusal(
        'ageing-scheme-invalid',
        validated.refusals.map((refusal) => refusal.detail).join('; '),
        validated.refusals.map(({ field }) => (field === undefined ? {} : { field })),
      );
    }
    const { scheme } = validated;
    const data = { schemeId: scheme.id, basis: scheme.basis, buckets: scheme.buckets as unknown as JsonObject[] };
    try {
      const appended = await this.store.appendSingle(eventContext(context), {
        category: SCHEME_CATEGORY,
        key: scheme.id,
        expectedVersion: 0,
        events: [{ type: 'AgeingSchemeDefined', effectiveOn: this.clock.today(), data }],
      });
      await this.store.settle(appended.lastPosition);
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      if (!(await this.isSame(context.tenantId, scheme))) {
        throw new Refusal('conflict', `There is another ageing scheme ${scheme.id} already.`, [{ field: 'id' }]);
      }
    }
    return { id: scheme.id };
  }

  private async isSame(tenantId: number, scheme: AgeingScheme): Promise<boolean> {
    const [event] = await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, SCHEME_CATEGORY, scheme.id));
    const recorded = event && validateAgeingScheme({ id: scheme.id, basis: event.data['basis'], buckets: event.data['buckets'] });
    return (
      recorded !== undefined &&
      recorded.ok &&
      JSON.stringify(recorded.scheme) === JSON.stringify(scheme) &&
      builtInScheme(scheme.id) === undefined
    );
  }
}
