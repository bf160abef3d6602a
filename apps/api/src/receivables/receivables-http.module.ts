import { Module } from '@nestjs/common';
import { ReceivablesModule } from '@app/receivables';
import { AgeingController } from './ageing.controller';
import { AllocationController } from './allocation.controller';
import { BoundaryItemsController } from './boundary-items.controller';
import { ClassificationController } from './classification.controller';
import { ControlTotalsController } from './control-totals.controller';
import { DebtorAmendmentsController } from './debtor-amendments.controller';
import { DrillDownController } from './drill-down.controller';
import { EntitiesController } from './entities.controller';
import { ImportsController } from './imports.controller';
import { WriteOffRegisterController } from './write-off-register.controller';

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
    BoundaryItemsController,
    WriteOffRegisterController,
  ],
})
export class ReceivablesHttpModule {}
