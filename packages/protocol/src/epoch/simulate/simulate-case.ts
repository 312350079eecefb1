import type { EpochEngine } from '../types.js'
import { describeStep } from './describe-step.js'
import { type Carried, NOTHING_CARRIED, stepInput } from './step-input.js'
import type { SimulatedStep, SimulationCase } from './types.js'

/**
 * Runs the steps of a case in order on the given engine. Permits, bonds, rows and their times carry from step to step
 * unless a step gives its own; a uid whose registration changes loses its row and bonds. Rejects with what the engine
 * throws, e.g. EPOCH_INPUT_INVALID.
 */
export async function simulateCase(testCase: SimulationCase, engine: EpochEngine): Promise<SimulatedStep[]> {
  const simulated: SimulatedStep[] = []
  let carried: Carried = NOTHING_CARRIED
  for (const step of testCase.steps) {
    const input = stepInput(testCase.rules, step, carried)
    const result = await engine(input)
    simulated.push(describeStep(input, result))
    carried = { ...input, permits: input.newPermits, bonds: result.bonds }
  }
  return simulated
}
