import { Module } from '@nestjs/common';
import { CollectionsModule } from '@app/collections';
import { LimitsController } from './limits.controller';

@Module({ imports: [CollectionsModule], controllers: [LimitsController] })
export class CollectionsHttpModule {}
