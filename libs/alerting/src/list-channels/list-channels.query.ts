import { Query } from '@nestjs/cqrs';

/** A channel as it may be shown: no webhook, no password. */
export interface ShownChannel {
  readonly id: string;
  readonly name: string;
  readonly registeredAt: Date;
  readonly target:
    | { readonly type: 'slack'; readonly host: string }
    | {
        readonly type: 'email';
        readonly to: readonly string[];
        readonly from: string | null;
        readonly smtp: { readonly host: string; readonly port: number; readonly secure: boolean; readonly user: string | null };
      };
}

/** Every channel that is not removed, in the order they were registered. */
export class ListChannelsQuery extends Query<readonly ShownChannel[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}
