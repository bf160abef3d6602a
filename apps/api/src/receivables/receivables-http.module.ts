import { Module } from '@nestjs/common';
import { ReceivablesModule } from '@app/receivables';
import { AgeingController } from './ageing.controller';
import { DrillDownController } from './drill-down.controller';
import { ImportsController } from './imports.controller';

@Module({ imports: [ReceivablesModule], controllers: [AgeingController, DrillDownController, ImportsController] })
export class ReceivablesHttpModule {}
