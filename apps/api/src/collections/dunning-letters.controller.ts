import { ListDunningLettersQuery, MarkLetterSentCommand, WithdrawLetterCommand, WriteDunningLetterQuery } from '@app/collections';
import type { RequestContext } from '@app/platform';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Context, decodeCursor, type EdgeReply, type EdgeRequest, page, Permit, positionNumber, Returns } from '../http';
import { dunningLetters, letterQuery, lettersQuery, nothing, sentBody, withdrawBody } from './dunning.schemas';
import { letterOnTheWire } from './dunning.wire';
import { uuidParams } from './limits.schemas';

const lettersCursor = z.tuple([z.int().positive()]);

@Controller('v1/dunning-letters')
export class DunningLettersController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'Dunning letters, the latest first; they stay on record whatever became of the items', body: dunningLetters })
  async list(
    @Context() context: RequestContext,
    @Query({ schema: lettersQuery }) { debtorId, runId, state, cursor, limit }: z.output<typeof lettersQuery>,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) reply: EdgeReply,
  ): Promise<z.input<typeof dunningLetters>> {
    const [before] = decodeCursor(cursor, lettersCursor) ?? [];
    const asked = { debtorId, runId, states: state, limit: limit + 1, ...(before !== undefined && { before: BigInt(before) }) };
    const letters = await this.queries.execute(new ListDunningLettersQuery(context.tenantId, asked));
    const cut = page(letters, limit, ({ position }) => [positionNumber(position)], { request, reply });
    return { items: cut.items.map(letterOnTheWire), next: cut.next };
  }

  @Get(':id')
  @Permit('viewer', 'auditor', 'controller', 'manager', 'approver')
  @Returns({ summary: 'A letter as a page to print, as plain text, or what is known of it', contentType: 'text/html' })
  async show(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @Query({ schema: letterQuery }) { format }: z.output<typeof letterQuery>,
    @Res() reply: EdgeReply,
  ): Promise<void> {
    const letter = await this.queries.execute(new WriteDunningLetterQuery(context.tenantId, id));
    switch (format) {
      case 'json':
        return reply.send({ ...letterOnTheWire(letter), subject: letter.subject, text: letter.text });
      case 'text':
        return reply.headers({ 'content-type': 'text/plain; charset=utf-8' }).send(`${letter.subject}\n\n${letter.text}\n`);
      case 'html':
        return reply
          .headers({
            'content-type': 'text/html; charset=utf-8',
            // Its own style and nothing else: what a name or a template brings along is neither run nor fetched.
            'content-security-policy': `default-src 'none'; style-src 'sha256-${letter.styleHash}'; frame-ancestors 'none'`,
          })
          .send(letter.html);
    }
  }

  @Post(':id/sent')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Say that a letter went out: the next level waits from that day on', body: nothing })
  async sent(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @Body({ schema: sentBody }) { on }: z.output<typeof sentBody>,
  ): Promise<z.input<typeof nothing>> {
    await this.commands.execute(new MarkLetterSentCommand(context, id, on));
    return { id };
  }

  @Post(':id/withdraw')
  @Permit('controller', 'manager')
  @Returns({ summary: 'Withdraw a letter that has not gone out; its level is asked for again by the next run', body: nothing })
  async withdraw(
    @Context() context: RequestContext,
    @Param({ schema: uuidParams }) { id }: z.output<typeof uuidParams>,
    @Body({ schema: withdrawBody }) { reason }: z.output<typeof withdrawBody>,
  ): Promise<z.input<typeof nothing>> {
    await this.commands.execute(new WithdrawLetterCommand(context, id, reason));
    return { id };
  }
}
