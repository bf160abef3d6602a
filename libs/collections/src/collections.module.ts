import { Module } from '@nestjs/common';

/** Commands and queries of collections. Needs `@app/platform` and the queries of `@app/receivables`. */
@Module({})
export class CollectionsModule {}
