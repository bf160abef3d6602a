import { Module } from '@nestjs/common';
import { CollectionsModule } from '@app/collections';

@Module({ imports: [CollectionsModule], controllers: [] })
export class CollectionsHttpModule {}
