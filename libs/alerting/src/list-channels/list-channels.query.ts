import { Query } from '@nestjs/cqrs';

/** A channel as it may be shown: no webhook, no token, no key, no password. */
export interface ShownChannel {
  readonly id: string;
  readonly name: string;
  readonly registeredAt: Date;
  readonly status: 'active' | 'disabled';
  /** Why nothing is sent to it. */
  readonly disabled: { readonly reason: 'gone'; readonly at: Date } | null;
  readonly target:
    | { readonly type: 'slack'; readonly host: string }
    | { readonly type: 'slack-bot'; readonly channel: string; readonly buttons: boolean }
    | {
        readonly type: 'email';
        readonly to: readonly string[];
        readonly from: string | null;
        readonly smtp: { readonly host: string; readonly port: number; readonly secure: boolean; readonly user: string | null };
        readonly dkim: { readonly domain: string; readonly selector: string } | null;
        /** Recipients that want no more digests. */
        readonly digestsPaused: readonly string[];
      }
    | {
        readonly type: 'webhook';
        readonly host: string;
        /** Until when the signing key before the current one signs too; null when none does. */
        readonly previousSecretUntil: Date | null;
      };
}

/** Every channel that is not removed, in the order they were registered. */
export class ListChannelsQuery extends Query<readonly ShownChannel[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}
