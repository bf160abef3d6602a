/** The job that evaluates the rules on the day's figures. */
export const EVALUATE_SIGNALS = 'evaluate-signals';

/** What a run is about stands in its key. Of the day: everything, once a business date. */
export const EVALUATE_SIGNALS_OF_DAY = 'signals-of-the-day';
/** Something happened: everything but the checks that read the log, which were done today. */
export const EVALUATE_SIGNALS_NOW = 'signals-now';
/** Of every minute: work that was given up, which no event tells. */
export const WATCH_JOBS = 'watch-jobs';
