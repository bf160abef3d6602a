import { Command } from '@nestjs/cqrs';
import type { RequestContext } from '@app/platform';

export interface SlackTarget {
  readonly type: 'slack';
  readonly webhookUrl: string;
}

export interface EmailTarget {
  readonly type: 'email';
  readonly to: readonly string[];
  readonly from: string | null;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly user: string | null;
    readonly password: string | null;
  };
}

export type ChannelTarget = SlackTarget | EmailTarget;

/** Registers where alerts are told. The webhook and the password are sealed, the addresses encrypted. Refused `channel-url-not-allowed`. */
export class RegisterChannel extends Command<{ readonly id: string }> {
  constructor(
    readonly context: RequestContext,
    readonly name: string | null,
    readonly target: ChannelTarget,
  ) {
    super();
  }
}
