import type { Readable } from 'node:stream';
import { Body, Controller, Get, Header, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PauseDigests } from '@app/alerting';
import { z } from 'zod';
import { Public, readForm, Returns, Streams } from '../http';

const TOKEN_LENGTH_MAX = 1_000;
const unsubscribeQuery = z.strictObject({
  token: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/)
    .max(TOKEN_LENGTH_MAX)
    .describe('from the link of a digest'),
});

/** One-click unsubscription after RFC 8058: the link of a mail's header, which asks nobody for a key. */
@Controller('v1/digests/unsubscribe')
export class DigestsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Public()
  @Streams('application/x-www-form-urlencoded', 'multipart/form-data')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Returns({
    status: 200,
    summary: 'End the digests to one recipient of a channel (RFC 8058); alerts still come',
    contentType: 'text/plain',
  })
  async unsubscribe(
    @Query({ schema: unsubscribeQuery }) { token }: z.output<typeof unsubscribeQuery>,
    @Body() body: Readable | undefined,
  ): Promise<string> {
    await readForm(body);
    await this.commands.execute(new PauseDigests(token));
    return 'No more digests will be sent to you. Alerts still are.';
  }

  /** A person that follows the link decides; a program that only looks at links changes nothing. */
  @Get()
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Returns({ summary: 'A page that asks before it ends the digests', contentType: 'text/html' })
  ask(@Query({ schema: unsubscribeQuery }) { token }: z.output<typeof unsubscribeQuery>): string {
    return (
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Digests</title></head><body><h1>End these digests?</h1>' +
      `<form method="post" action="/v1/digests/unsubscribe?token=${token}"><input type="hidden" name="List-Unsubscribe" value="One-Click">` +
      '<p>Alerts still reach you.</p><button type="submit">End the digests</button></form></body></html>'
    );
  }
}
