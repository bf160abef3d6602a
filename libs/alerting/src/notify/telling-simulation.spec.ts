import { TellingSimulation } from './telling-simulation.fixture';

const HISTORIES = 100;
const STEPS = 40;

describe('random histories of closes, amendments, acknowledgements, silences, policies and clocks', () => {
  it('never lose an alert, never tell one twice, and never keep one quiet without a reason that holds', async () => {
    let told = 0;
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const simulation = new TellingSimulation(seed);
      await simulation.run(STEPS);
      told += simulation.messages;
    }
    process.stdout.write(`${String(HISTORIES)} histories of ${String(STEPS)} steps: ${String(told)} messages\n`);
    expect(told).toBeGreaterThan(HISTORIES * 5);
  }, 60_000);
});
