import type { Readable } from 'node:stream';
import { Body, Controller, Header, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PressSlackButton, SLACK_SIGNATURE_HEADER, SLACK_TIMESTAMP_HEADER } from '@app/alerting';
import { z } from 'zod';
import { type EdgeRequest, headerOf, Public, readForm, Returns, Streams } from '../http';
import { idParams } from './alerting.schemas';

const interactionParams = z.strictObject({
  tenant: z.coerce.number<string>().int().min(1).max(2_147_483_647),
  channelId: idParams.shape.id,
});

@Controller('v1/slack')
export class SlackController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':tenant/:channelId/interactions')
  @Public()
  @Streams('application/x-www-form-urlencoded')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Returns({
    status: 200,
    summary: 'Take the press of a button from Slack: the interactivity address of the Slack application',
    description:
      'Signed by Slack (`X-Slack-Request-Timestamp`, `X-Slack-Signature`) with the signing secret of the channel, and by nothing else. ' +
      'A signature older than five minutes, a wrong one and one that was here before are refused.',
    contentType: 'text/plain',
  })
  async interact(
    @Param({ schema: interactionParams }) { tenant, channelId }: z.output<typeof interactionParams>,
    @Req() request: EdgeRequest,
    @Body() body: Readable | undefined,
  ): Promise<string> {
    const signed = {
      timestamp: headerOf(request, SLACK_TIMESTAMP_HEADER) ?? null,
      signature: headerOf(request, SLACK_SIGNATURE_HEADER) ?? null,
      body: await readForm(body),
    };
    await this.commands.execute(new PressSlackButton(tenant, channelId, signed));
    return '';
  }
}
