import { Module } from '@nestjs/common';
import { DefineAgeingSchemeHandler } from './ageing/define-scheme.handler';
import { GetAgeingHandler } from './ageing/get-ageing.handler';
import { ListSchemesHandler } from './ageing/list-schemes.query';
import { ListBoundaryItemsHandler } from './boundary-items/boundary-items.handler';
import { ClassifySettlementHandler } from './classification/classify-settlement.handler';
import { ListControlTotalsHandler, ReadControlDifferencesHandler } from './control-totals/control-totals.handlers';
import { AllocateCreditHandler } from './allocation/allocate-credit.handler';
import { ReadDebtorCashHandler, ReadDebtorStreamsHandler } from './debtor-cases/debtor-cash.handler';
import { ReadOutstandingHandler } from './debtor-cases/outstanding.query';
import { ReadOwedItemsHandler } from './debtor-cases/owed-items.handler';
import { AmendDebtorHandler } from './debtor-amendments/amend-debtor.handler';
import { ReadDebtorSpreadHandler } from './debtor-spread/debtor-spread.handler';
import { ReadDebtorStandingsHandler } from './debtor-standings/debtor-standings.handler';
import { ExplainDifferenceHandler } from './control-totals/explain-difference.handler';
import {
  GetDebtorHandler,
  GetReceivableHandler,
  ListDebtorReceivablesHandler,
  ListReceivableEventsHandler,
} from './drill-down/drill-down.handlers';
import { DisposeEntityHandler } from './entities/dispose-entity.handler';
import { GetDisposalHandler, ListEntitiesHandler } from './entities/entities.handlers';
import { StateEntityHandler } from './entities/state-entity.handler';
import {
  FindUnknownDebtorsHandler,
  GetPresentationCurrencyHandler,
  ReadDebtorExposureHandler,
  ReadExposureHandler,
  ReadFxRatesHandler,
  ResolveSchemeHandler,
} from './exposure/exposure.handlers';
import { FROM_LOG_HANDLERS } from './from-log/from-log.handlers';
import { ReadDebtorHistoriesHandler, ReadReceivableHistoriesHandler } from './histories/histories.handlers';
import { ListLargestDebtorsHandler } from './largest-debtors/largest-debtors.handler';
import { ListLateFactsHandler } from './late-facts/late-facts.handler';
import { DownloadRejectsHandler } from './import-file/download-rejects.query';
import { GetImportHandler, ListImportsHandler } from './import-file/get-import.query';
import { ReceiveImportHandler } from './import-file/receive-import.handler';
import { ReadOverdueItemsHandler } from './overdue-items/overdue-items.handler';
import { ReadUnappliedCashHandler } from './unapplied-cash/unapplied-cash.handler';
import { EndEnforcementHandler } from './write-off-register/end-enforcement.handler';
import { ListWriteOffsHandler, ReadWriteOffRegisterHandler } from './write-off-register/write-off-register.handlers';

/** Commands and queries of receivables: imports, ageing, exposure, drill-down. Needs `@app/platform`. */
@Module({
  providers: [
    ReceiveImportHandler,
    GetImportHandler,
    ListImportsHandler,
    DownloadRejectsHandler,
    DefineAgeingSchemeHandler,
    ListSchemesHandler,
    GetAgeingHandler,
    ReadExposureHandler,
    ReadDebtorExposureHandler,
    ReadDebtorSpreadHandler,
    ReadDebtorStandingsHandler,
    ReadOverdueItemsHandler,
    ReadFxRatesHandler,
    ResolveSchemeHandler,
    GetPresentationCurrencyHandler,
    FindUnknownDebtorsHandler,
    ReadReceivableHistoriesHandler,
    ReadDebtorHistoriesHandler,
    ReadUnappliedCashHandler,
    ...FROM_LOG_HANDLERS,
    ListLargestDebtorsHandler,
    ListLateFactsHandler,
    GetDebtorHandler,
    GetReceivableHandler,
    ListDebtorReceivablesHandler,
    ListReceivableEventsHandler,
    StateEntityHandler,
    ListEntitiesHandler,
    DisposeEntityHandler,
    GetDisposalHandler,
    ReadControlDifferencesHandler,
    ListControlTotalsHandler,
    ExplainDifferenceHandler,
    AllocateCreditHandler,
    ClassifySettlementHandler,
    AmendDebtorHandler,
    ListBoundaryItemsHandler,
    ReadWriteOffRegisterHandler,
    ListWriteOffsHandler,
    EndEnforcementHandler,
    ReadOwedItemsHandler,
    ReadOutstandingHandler,
    ReadDebtorCashHandler,
    ReadDebtorStreamsHandler,
  ],
})
export class ReceivablesModule {}
