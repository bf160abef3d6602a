import { Module } from '@nestjs/common';
import { ReceivablesModule } from '@app/receivables';
import { AgeingController } from './ageing.controller';
import { AllocationController } from './allocation.controller';
import { ClassificationController } from './classification.controller';
import { ControlTotalsController } from './control-totals.controller';
import { DebtorAmendmentsController } from './debtor-amendments.controller';
import { DrillDownController } from './drill-down.controller';
import { EntitiesController } from './entities.controller';
import { ImportsController } from './imports.controller';

@Module({
  imports: [ReceivablesModule],
  controllers: [
    AgeingController,
    DrillDownController,
    EntitiesController,
    ImportsController,
    ControlTotalsController,
    AllocationController,
    ClassificationController,
    DebtorAmendmentsController,
  ],
})
export class ReceivablesHttpModule {}
