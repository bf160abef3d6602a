export { migrations } from './migrations';
export * from './events';
export { ReceivablesModule } from './receivables.module';
export { ReceivablesWorkerModule } from './receivables-worker.module';

export { IMPORT_KINDS, isImportKind, type ImportFormat, type ImportKind } from './import-file/import-kinds';
export type { ImportRecord, ImportStatus } from './import-file/import-record';
export { ReceiveImportCommand, type Upload } from './import-file/receive-import.command';
export { GetImportQuery, ListImportsQuery } from './import-file/get-import.query';
export { DownloadRejectsQuery } from './import-file/download-rejects.query';
export { clearBook, rebuildBook } from './book/rebuild-book';
export { rebuildReadModels, WorkerRunning } from './rebuild/rebuild-read-models';

export { DefineAgeingSchemeCommand } from './ageing/define-scheme.command';
export * from './ageing/get-ageing.query';
export { ListSchemesQuery } from './ageing/list-schemes.query';
export { NO_CURRENCY } from './ageing/presentation-currency';
export * from './drill-down/drill-down.queries';
export * from './exposure/exposure.queries';
export { EXPOSURE_PROCESSOR } from './exposure/project-exposure.processor';
export type { DebtorExposureCell, ExposureCell } from './exposure/read-exposure';
export * from './histories/histories.queries';
export { walkHistories } from './histories/walk-histories';

export * from './control-totals/control-totals.queries';
export { ExplainDifferenceCommand, type DifferenceExplanation } from './control-totals/explain-difference.command';
export * from './from-log/from-log.queries';
export { AllocateCreditCommand, type Allocation, type AllocationRequest } from './allocation/allocate-credit.command';
export * from './late-facts/late-facts.query';
export { DisposeEntityCommand, StateEntityCommand, type StatedEntity } from './entities/entities.command';
export * from './entities/entities.queries';
export type { DisposalState } from './entities/disposal.fold';
export { MAIN_ENTITY } from './entities/entity.fold';
export { ClassifySettlementCommand, type SettlementClass } from './classification/classify-settlement.command';
export { AmendDebtorCommand, type DebtorAmendment } from './debtor-amendments/amend-debtor.command';
export { ReadUnappliedCashQuery, type UnappliedCash } from './unapplied-cash/unapplied-cash.query';
export { ListBoundaryItemsQuery, type BoundaryItem, type BoundaryItems } from './boundary-items/boundary-items.query';
export * from './write-off-register/write-off-register.queries';
export { EndEnforcementCommand } from './write-off-register/end-enforcement.command';
