import { TestBook } from './import.fixture';

/** One decided answer for every kind of bad or unusual row: a wrong one loses money silently or refuses a good file. */
describe('the decided answers of imports', () => {
  jest.setTimeout(30_000);
  let book: TestBook;
  beforeAll(async () => {
    book = await TestBook.create();
    await book.import('debtors', ['D1,Debtor One,std,false,CN,30,,', 'D2,Debtor Two,std,no,,,,']);
    await book.import('receivables', [
      'A,D1,trade,CNY,100.00,2024-01-31,2024-01-31,2024-03-01,A-1',
      'U,D1,trade,USD,100.00,2024-01-31,,2024-03-01,U-1',
      'W,D1,trade,CNY,100.00,2024-01-31,,2024-03-01,W-1',
    ]);
    await book.import('movements', ['W-1,W,write_off,60.00,2024-06-30,w']);
  });
  afterAll(() => book.drop());

  const accepted = 'accepted';

  it.each<[string, string, string]>([
    ['a blank id', ',D1,trade,CNY,1.00,2024-01-01,,2024-02-01,', 'receivable_id value-missing'],
    ['a blank amount', 'r1,D1,trade,CNY,,2024-01-01,,2024-02-01,', 'amount value-missing'],
    ['a blank recognition date', 'r1,D1,trade,CNY,1.00,,,2024-02-01,', 'recognised_on value-missing'],
    ['a day that does not exist', 'r1,D1,trade,CNY,1.00,2023-02-29,,2024-02-01,', 'recognised_on date-invalid'],
    ['a month that does not exist', 'r1,D1,trade,CNY,1.00,2023-13-01,,2024-02-01,', 'recognised_on date-invalid'],
    ['a date written otherwise', 'r1,D1,trade,CNY,1.00,31/01/2024,,2024-02-01,', 'recognised_on date-invalid'],
    ['a slip of the year', 'r1,D1,trade,CNY,1.00,0204-01-31,,2024-02-01,', 'recognised_on date-invalid'],
    ['a due date that does not exist', 'r1,D1,trade,CNY,1.00,2024-01-01,,2024-04-31,', 'due_on date-invalid'],
    ['a currency that does not exist', 'r1,D1,trade,XYZ,1.00,2024-01-01,,2024-02-01,', 'currency currency-unknown'],
    ['a currency in small letters', 'r1,D1,trade,cny,1.00,2024-01-01,,2024-02-01,', 'currency currency-unknown'],
    ['too many decimals', 'r1,D1,trade,CNY,1.005,2024-01-01,,2024-02-01,', 'amount amount-decimals'],
    ['decimals where the currency has none', 'r1,D1,trade,JPY,1.5,2024-01-01,,2024-02-01,', 'amount amount-decimals'],
    ['three decimals of a currency that has them', 'r-kwd,D1,trade,KWD,1.005,2024-01-01,,2024-02-01,', accepted],
    ['thousands separators', 'r1,D1,trade,CNY,"1,000.00",2024-01-01,,2024-02-01,', 'amount amount-format'],
    ['a decimal comma', 'r1,D1,trade,CNY,"1000,50",2024-01-01,,2024-02-01,', 'amount amount-format'],
    ['an exponent', 'r1,D1,trade,CNY,1e3,2024-01-01,,2024-02-01,', 'amount amount-format'],
    ['an amount beyond every book', 'r1,D1,trade,CNY,1000000000000000.00,2024-01-01,,2024-02-01,', 'amount amount-too-large'],
    ['a negative amount', 'r1,D1,trade,CNY,-1.00,2024-01-01,,2024-02-01,', 'amount amount-negative'],
    ['a zero amount', 'r-zero,D1,trade,CNY,0,2024-01-01,,2024-02-01,', accepted],
    ['an unknown debtor', 'r1,D9,trade,CNY,1.00,2024-01-01,,2024-02-01,', 'debtor_id debtor-unknown'],
    ['an unknown kind', 'r1,D1,loan,CNY,1.00,2024-01-01,,2024-02-01,', 'kind kind-unknown'],
    ['recognition in the future', 'r-future,D1,trade,CNY,1.00,2031-01-01,,2031-02-01,', accepted],
    ['invoice and due date before recognition', 'r-advance,D1,trade,CNY,1.00,2024-05-01,2024-03-01,2024-03-31,', accepted],
    ['a due date before the invoice', 'r-arrears,D1,trade,CNY,1.00,2024-05-01,2024-06-01,2024-05-31,', accepted],
    ['a blank due date of a debtor with terms', 'r-terms,D1,trade,CNY,1.00,2024-05-01,2024-05-10,,', accepted],
    ['a blank due date of a debtor without terms', 'r1,D2,trade,CNY,1.00,2024-05-01,,,', 'due_on due-date-missing'],
    ['a blank due date of a contract asset without terms', 'r-contract,D2,contract_asset,CNY,1.00,2024-05-01,,,', accepted],
    ['an id with a line break', '"r\n1",D1,trade,CNY,1.00,2024-01-01,,2024-02-01,', 'receivable_id control-character'],
    ['an id that is too long', `${'r'.repeat(129)},D1,trade,CNY,1.00,2024-01-01,,2024-02-01,`, 'receivable_id cell-too-long'],
    ['a document number with a line break', 'r-lines,D1,trade,CNY,1.00,2024-01-01,,2024-02-01,"a\nb"', accepted],
    ['a NUL in a document number', 'r1,D1,trade,CNY,1.00,2024-01-01,,2024-02-01,a\u0000b', 'document_no control-character'],
    ['too many cells', 'r1,D1,trade,CNY,1.00,2024-01-01,,2024-02-01,x,y', 'csv-structure'],
    ['too few cells', 'r1,D1,trade', 'csv-structure'],
    ['a quote that is never closed', '"r1,D1,trade,CNY,1.00,2024-01-01,,2024-02-01,', 'csv-structure'],
  ])('a receivable with %s', async (_name, row, answer) => {
    const outcome = await book.import('receivables', [row]);
    expect(outcome.refusals).toEqual(answer === accepted ? [] : [`2 ${answer}`]);
    expect([outcome.accepted, outcome.rejected]).toEqual(answer === accepted ? [1, 0] : [0, 1]);
  });

  it.each<[string, string, string]>([
    ['an unknown receivable', 'm1,Z,payment,1.00,2024-02-01,', 'receivable_id receivable-unknown'],
    ['neither receivable nor debtor', 'm1,,payment,1.00,2024-02-01,', 'receivable_id value-missing'],
    ['an unknown type', 'm1,A,gift,1.00,2024-02-01,', 'type movement-type-unknown'],
    ['a reclassify that changes nothing', 'm1,A,reclassify,0,2024-02-01,', 'to_kind reclassify-nothing'],
    ['a reclassify of a part', 'm1,U,reclassify,0.01,2024-02-01,', 'amount reclassify-partial'],
    ['a type that only follows from other facts', 'm1,A,unclassified,1.00,2024-02-01,', 'type movement-type-derived'],
    ['a date before recognition', 'm1,A,payment,1.00,2024-01-30,', 'effective_on before-recognition'],
    ['the date of recognition', 'm-first,A,payment,1.00,2024-01-31,', accepted],
    ['a date that does not exist', 'm1,A,payment,1.00,2024-02-30,', 'effective_on date-invalid'],
    ['a blank date', 'm1,A,payment,1.00,,', 'effective_on value-missing'],
    ['a negative payment', 'm1,A,payment,-1.00,2024-02-01,', 'amount amount-negative'],
    ['a payment of zero', 'm-zero,A,payment,0,2024-02-01,', accepted],
    ['too many decimals', 'm1,A,payment,1.001,2024-02-01,', 'amount amount-decimals'],
    ['thousands separators', 'm1,A,payment,"1,000",2024-02-01,', 'amount amount-format'],
    ['a write-off of more than is owed', 'm1,U,write_off,100.01,2024-02-01,', 'amount exceeds-outstanding'],
    ['a recovery of more than was written off', 'm1,W,recovery,60.01,2024-07-01,', 'amount exceeds-written-off'],
    ['a recovery before the write-off', 'm1,W,recovery,1.00,2024-05-01,', 'amount exceeds-written-off'],
    ['a recovery of what was written off', 'm-recovery,W,recovery,10.00,2024-07-01,', accepted],
    ['an adjustment without a reason', 'm1,U,adjustment,-1.00,2024-02-01,', 'reason reason-missing'],
    ['a payment in the future', 'm-future,U,payment,1.00,2031-02-01,', accepted],
  ])('a movement with %s', async (_name, row, answer) => {
    const outcome = await book.import('movements', [row]);
    expect(outcome.refusals).toEqual(answer === accepted ? [] : [`2 ${answer}`]);
    expect([outcome.accepted, outcome.rejected]).toEqual(answer === accepted ? [1, 0] : [0, 1]);
  });

  it.each<[string, string, string]>([
    ['another debtor than the receivable has', 'n1,A,payment,1.00,2024-02-01,,D2,,,', 'debtor_id debtor-mismatch'],
    ['another currency than the receivable has', 'n1,A,payment,1.00,2024-02-01,,D1,,USD,', 'currency currency-mismatch'],
    ['another entity than the receivable has', 'n1,A,payment,1.00,2024-02-01,,D1,,,south', 'entity_id entity-mismatch'],
    ['an unknown debtor and no receivable', 'n1,,payment,1.00,2024-02-01,,D9,,CNY,', 'debtor_id debtor-unknown'],
    ['an advance in a currency of its own', 'n-adv,,payment,5.00,2024-02-01,,D2,,CNY,', accepted],
    ['a refund of more than the credit held', 'n1,,refund,5.01,2024-02-02,,D2,,CNY,', 'amount exceeds-credit-balance'],
    ['a refund of the credit held', 'n-ref,,refund,5.00,2024-02-02,,D2,,CNY,', accepted],
    ['an advance whose currency cannot be told', 'n1,,payment,5.00,2024-02-01,,D1,,,', 'currency currency-missing'],
    ['a write-off of no receivable', 'n1,,write_off,1.00,2024-02-01,,D2,,CNY,', 'receivable_id receivable-missing'],
    ['an adjustment with a reason', 'n-adj,U,adjustment,-1.00,2024-02-02,,,price,,', accepted],
  ])('a movement naming %s', async (_name, row, answer) => {
    const header = 'movement_id,receivable_id,type,amount,effective_on,reference,debtor_id,reason,currency,entity_id';
    const outcome = await book.import('movements', [row], { header });
    expect(outcome.refusals).toEqual(answer === accepted ? [] : [`2 ${answer}`]);
    expect([outcome.accepted, outcome.rejected]).toEqual(answer === accepted ? [1, 0] : [0, 1]);
  });

  it.each<[string, string, string]>([
    ['a blank id', ',Name,std,false,CN,30,,', 'debtor_id value-missing'],
    ['a truth that is none', 'd1,Name,std,maybe,CN,30,,', 'related_party boolean-format'],
    ['every spelling of yes', 'd-yes,Name,std,YES,CN,30,,', accepted],
    ['a country that is no code', 'd1,Name,std,false,China,30,,', 'country country-format'],
    ['terms that are no whole number', 'd1,Name,std,false,CN,30.5,,', 'terms_days integer-format'],
    ['terms of a century', 'd1,Name,std,false,CN,36500,,', 'terms_days integer-format'],
    ['a limit without its currency', 'd1,Name,std,false,CN,30,100,', 'credit_limit_currency value-missing'],
    ['a limit in an unknown currency', 'd1,Name,std,false,CN,30,100,ABC', 'credit_limit_currency currency-unknown'],
    ['a negative limit', 'd1,Name,std,false,CN,30,-1,CNY', 'credit_limit amount-negative'],
    ['a limit', 'd-limit,Name,std,1,CN,30,100.50,CNY', accepted],
    ['everything but the id blank', 'd-bare,,,,,,,', accepted],
  ])('a debtor with %s', async (_name, row, answer) => {
    const outcome = await book.import('debtors', [row]);
    expect(outcome.refusals).toEqual(answer === accepted ? [] : [`2 ${answer}`]);
  });

  it.each<[string, string, string]>([
    ['a rate of zero', 'USD,CNY,0,2024-01-01', 'rate rate-format'],
    ['a negative rate', 'USD,CNY,-7,2024-01-01', 'rate rate-format'],
    ['a rate with a comma', 'USD,CNY,"7,1",2024-01-01', 'rate rate-format'],
    ['one currency twice', 'USD,USD,1,2024-01-01', 'quote rate-pair'],
    ['an unknown currency', 'USD,ZZZ,1,2024-01-01', 'quote currency-unknown'],
    ['a date that does not exist', 'USD,CNY,7.1,2024-02-30', 'effective_on date-invalid'],
    ['twelve decimals', 'USD,CNY,7.123456789012,2024-01-01', accepted],
  ])('a rate with %s', async (_name, row, answer) => {
    const outcome = await book.import('fx-rates', [row]);
    expect(outcome.refusals).toEqual(answer === accepted ? [] : [`2 ${answer}`]);
  });
});
