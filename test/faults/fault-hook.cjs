// Loaded into a real api or worker process with `node --require`, and by nothing that is shipped. Kills the process the first time a new message
// reaches one point between the decision and its recorded outcome:
//   decided     committed, nobody rang the queue yet
//   claimed     a worker has the job, no attempt is on record
//   attempted   the attempt is on record, nothing was sent
//   answered    the channel answered, the outcome is not on record
//   recorded    the outcome is on record, the job is not done
// (`sent`, between the two halves of the request, is the fake channel's own: it kills the worker when it has read the message.)
const { join } = require('node:path');

const { FAULT_DIST, FAULT_POINT, FAULT_EXCEPT = '', FAULT_LEASE_SECONDS } = process.env;
// What an earlier death left behind is finished in peace: one death a message.
const earlier = new Set(FAULT_EXCEPT.split(','));

const die = () => {
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way; nothing else may happen meanwhile.
  for (;;);
};
const meant = (inWork) => !earlier.has(inWork.delivery.id);
const library = (path) => require(join(FAULT_DIST, 'libs', path));

if (FAULT_POINT === 'decided') {
  const { Intents } = library('platform/src/intents/intents.js');
  const ring = Intents.prototype.ring;
  Intents.prototype.ring = function (trigger) {
    if (trigger.kind === 'deliver') die();
    return ring.call(this, trigger);
  };
}
if (['claimed', 'attempted', 'answered', 'recorded'].includes(FAULT_POINT)) {
  const { DeliveryAttempts } = library('alerting/src/deliver/delivery-attempts.js');
  const { begin, end } = DeliveryAttempts.prototype;
  DeliveryAttempts.prototype.begin = async function (inWork) {
    if (FAULT_POINT === 'claimed' && meant(inWork)) die();
    const begun = await begin.call(this, inWork);
    if (FAULT_POINT === 'attempted' && begun.begun && meant(inWork)) die();
    return begun;
  };
  DeliveryAttempts.prototype.end = async function (inWork, ending) {
    if (FAULT_POINT === 'answered' && meant(inWork)) die();
    const isOurs = await end.call(this, inWork, ending);
    if (FAULT_POINT === 'recorded' && meant(inWork)) die();
    return isOurs;
  };
}
if (FAULT_LEASE_SECONDS !== undefined) {
  // On Redis a dead worker's jobs are taken over when their lease ends: a minute each would make this a matter of days.
  const { WorkerRegistry } = library('platform/src/intents/worker-registry.js');
  const add = WorkerRegistry.prototype.addJobHandler;
  WorkerRegistry.prototype.addJobHandler = function (handler) {
    Object.defineProperty(handler, 'leaseSeconds', { value: Number(FAULT_LEASE_SECONDS) });
    add.call(this, handler);
  };
}
