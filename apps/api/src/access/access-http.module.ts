import { Module } from '@nestjs/common';
import { AccessModule } from '@app/access';
import { EventsController } from './events.controller';
import { IntegrityController } from './integrity.controller';
import { PrincipalsController } from './principals.controller';
import { TenantController } from './tenant.controller';

@Module({ imports: [AccessModule], controllers: [PrincipalsController, TenantController, EventsController, IntegrityController] })
export class AccessHttpModule {}
