import { Module } from '@nestjs/common';
import { AccessModule } from '@app/access';
import { EventsController } from './events.controller';
import { IntegrityController } from './integrity.controller';
import { NewsController } from './news.controller';
import { NewsWatch } from './news-watch';
import { PrincipalsController } from './principals.controller';
import { TenantController } from './tenant.controller';

@Module({
  imports: [AccessModule],
  controllers: [PrincipalsController, TenantController, EventsController, NewsController, IntegrityController],
  providers: [NewsWatch],
})
export class AccessHttpModule {}
