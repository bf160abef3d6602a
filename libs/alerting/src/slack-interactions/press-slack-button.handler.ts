import { Inject } from '@nestjs/common';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Tx } from '@app/event-store';
import { CLOCK, PersonalDataVault, Refusal, type RequestContext, SecretBox, uuidV7, type Clock } from '@app/platform';
import { AcknowledgeAlert } from '../acknowledge-alert/acknowledge-alert.command';
import { AlertingLog } from '../alerting-log';
import { personOf, secretOf } from '../channel';
import { SLACK_SILENCE_HOURS } from '../deliver/channels/slack-payload';
import { MACHINE_PRINCIPAL } from '../ids';
import { CreateSilence } from '../silences/silences.commands';
import { PressSlackButton } from './press-slack-button.command';
import { type SlackPress, slackPressOf } from './slack-interaction';
import { verifySlackSignature } from './slack-signature';
import { rememberSlackSignature } from './slack-signature-table';

const HOUR_MS = 3_600_000;
/** A button stands under a message, and the message tells a group. */
const WHOLE_MESSAGE = { owner: null, expiresAt: null, scope: 'group' } as const;

interface ButtonChannel {
  readonly signingSecret: string;
  /** Principal by Slack user; null lets everybody press. */
  readonly principals: Readonly<Record<string, unknown>> | null;
}

@CommandHandler(PressSlackButton)
export class PressSlackButtonHandler implements ICommandHandler<PressSlackButton> {
  constructor(
    private readonly log: AlertingLog,
    private readonly secrets: SecretBox,
    private readonly vault: PersonalDataVault,
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ tenantId, channelId, request }: PressSlackButton): Promise<void> {
    const channel = await this.log.database.read(tenantId, (tx) => this.#channel(tx, tenantId, channelId));
    const { signature, signedAt } = verifySlackSignature(channel?.signingSecret ?? null, request, this.clock.now());
    const press = slackPressOf(request.body);
    const isNew = await this.log.database.transaction(tenantId, (tx) =>
      rememberSlackSignature(tx, { tenantId, channelId, signature, signedAt }),
    );
    if (!isNew) throw new Refusal('slack-signature-replayed', 'This request has been here before.', [{ field: 'x-slack-signature' }]);
    if (press !== null) await this.#act(tenantId, channel?.principals ?? null, press);
  }

  async #act(tenantId: number, principals: ButtonChannel['principals'], press: SlackPress): Promise<void> {
    const principalId = principals === null ? MACHINE_PRINCIPAL : principals[press.user];
    if (typeof principalId !== 'string') {
      throw new Refusal('slack-user-not-mapped', 'Whoever pressed the button is not among the users of this channel that may.');
    }
    const context: RequestContext = { tenantId, principalId, roles: [], correlationId: uuidV7(), newId: uuidV7 };
    const note = `Slack user ${press.user}`;
    switch (press.action) {
      case 'acknowledge':
        await this.commands.execute(new AcknowledgeAlert(context, press.alertId, note, WHOLE_MESSAGE));
        return;
      case 'silence': {
        const matchers = [{ label: 'alertId', operator: '=' as const, value: press.alertId }];
        const endsAt = new Date(this.clock.now().getTime() + SLACK_SILENCE_HOURS * HOUR_MS).toISOString();
        await this.commands.execute(new CreateSilence(context, { matchers, startsAt: null, endsAt, reason: `Silenced by ${note}` }));
        return;
      }
    }
  }

  /** The channel as far as its buttons are concerned; null when it has none. */
  async #channel(tx: Tx, tenantId: number, channelId: string): Promise<ButtonChannel | null> {
    const channel = await this.log.channel(tx, channelId);
    if (channel?.status !== 'active' || channel.target.type !== 'slack-bot') return null;
    const { sealedSigningSecret, personal } = channel.target.slackBot;
    if (sealedSigningSecret === null) return null;
    const signingSecret = this.secrets.open(sealedSigningSecret, secretOf(tenantId, channelId));
    if (personal === null) return { signingSecret, principals: null };
    const principals = (await this.vault.decrypt(tx, tenantId, personOf(channelId), personal))?.['principals'];
    // Erased: nobody is known any more, and so nobody may press.
    const isKnown = typeof principals === 'object' && principals !== null && !Array.isArray(principals);
    return { signingSecret, principals: isKnown ? principals : {} };
  }
}
