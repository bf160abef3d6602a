/**
 * What the published figures and the assumed flow lead to: printed by no one, worked out here once and compared with what Arrears answers.
 * RMB'000 unless said otherwise.
 */
export const DERIVED = {
  /** Allowance of trade, collectively assessed: opening 3,527,470, closing 3,645,108. */
  collectiveTrade: {
    'write-offs': -254_058,
    cash: -563_799,
    ageing: 908_910,
    'collective-to-individual': -274_353,
    'new-receivables': 202_589,
    'rate-change': 98_350,
  },
  /** Individually impaired: opening 663,922, closing 936,767. */
  individualTrade: {
    'write-offs': -134_598,
    'collective-to-individual': 274_353,
    'new-receivables': 522,
    'individual-remeasurement': 132_568,
  },
  twoFactor: { rateEffect: 98_350, volumeAndMix: 19_288 },
  /** 4,191,392 + 779,139 - 388,656 = 4,581,875. */
  tradeCharge: 779_139,
  tradeWrittenOff: 388_656,
  /** Legs of every kind that go through profit or loss, as the filing prints them. */
  impairmentOfTheYear: 780_956,
  collections: 4_623_000,
  /** Days of 2024: receivables x 366 / revenue. */
  dsoGross: '676.63',
  dsoNet: '232.06',
  /** Per cent, from one group of buckets a year wide to the next; the last two groups are pooled. */
  rollRates: { asCollected: ['20.46', '92.40', '80.66'], addedBack: ['20.46', '92.40', '88.86'] },
  /** Charge of what crosses into an older bucket within twelve months, before collections. */
  forwardCharge: { fy2023: 1_296_188, fy2024: 1_078_775 },
  /** What the alerts of FY2024 have to say on each channel. */
  alerts: {
    /** One for the age of the book with coverage joined to it, one for the loss rates of the buckets. */
    messages: 2,
    toldTogether: [
      ['Gross older than 3 years rose from 19.48 %', '54.79 %', 'Coverage of trade receivables', 'Coverage rose from 52.97 %'],
      ['Allowance of Up to 6 months', 'Allowance of 2 to 3 years', 'Allowance of 3 to 4 years'],
    ],
    /** The rise of two buckets and the fall of one. */
    backTest: 'Would have fired 3 times since 2023-12-31.',
    /** Hundredths of a point of the 12.73 that coverage rose by. */
    coverage: { 'mix of the book': 993, 'loss rates': 280 },
    /** (rate of FY2024 - rate of FY2023) x gross of FY2024, where it is 1 % of the allowance or more. */
    lossRateEffects: { 'Up to 6 months': -72_072, '2 to 3 years': 82_923, '3 to 4 years': 126_350 },
  },
} as const;
