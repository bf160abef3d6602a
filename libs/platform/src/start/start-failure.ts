/**
 * The process cannot start and a person has to act: the message is one line that says what is wrong and what to do.
 * Entry points print it to stderr without a stack and leave with exit code 1.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
