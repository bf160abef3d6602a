import { Module } from '@nestjs/common';
import { CollectionsModule } from './collections.module';

/** What collections does by itself: judges promises, sends dunning letters, keeps the worklist. Worker only. */
@Module({ imports: [CollectionsModule] })
export class CollectionsWorkerModule {}
