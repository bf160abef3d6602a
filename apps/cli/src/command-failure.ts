/** The command cannot do what was asked; the message is for the person who asked. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
