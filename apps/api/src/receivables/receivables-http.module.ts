import { Module } from '@nestjs/common';
import { ReceivablesModule } from '@app/receivables';
import { AgeingController } from './ageing.controller';
import { AllocationController } from './allocation.controller';
import { ControlTotalsController } from './control-totals.controller';
import { DrillDownController } from './drill-down.controller';
import { ImportsController } from './imports.controller';

@Module({
  imports: [ReceivablesModule],
  controllers: [AgeingController, DrillDownController, ImportsController, ControlTotalsController, AllocationController],
})
export class ReceivablesHttpModule {}
