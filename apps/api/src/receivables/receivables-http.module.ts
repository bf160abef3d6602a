import { Module } from '@nestjs/common';
import { ReceivablesModule } from '@app/receivables';
import { AgeingController } from './ageing.controller';
import { DrillDownController } from './drill-down.controller';

@Module({ imports: [ReceivablesModule], controllers: [AgeingController, DrillDownController] })
export class ReceivablesHttpModule {}
