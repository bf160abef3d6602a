import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { ProblemException, Public, Returns } from '../http';
import { Readiness } from './readiness';

const NOT_READY_RETRY_SECONDS = '1';
const health = z.object({ status: z.enum(['live', 'ready']) });

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Public()
  @Returns({ summary: 'Whether the process answers at all', body: health })
  live(): z.output<typeof health> {
    return { status: 'live' };
  }

  @Get('ready')
  @Public()
  @Returns({ summary: 'Whether the read models have reached the position settled at start', body: health })
  async ready(): Promise<z.output<typeof health>> {
    const missing = await this.readiness.missing();
    if (missing.length === 0) return { status: 'ready' };
    throw new ProblemException({
      code: 'not-ready',
      status: 503,
      detail: 'The read models are still catching up with the log.',
      extra: { missing: [...missing] },
      headers: { 'retry-after': NOT_READY_RETRY_SECONDS },
    });
  }
}
