import { isWitanError } from '@witan/protocol'
import type { Logger } from '@witan/runtime'
import type { CommandContext } from '../../command/context.js'
import { layout } from '../../local-network/layout.js'
import { openLocalNetwork } from '../../local-network/local-network.js'
import { openClaimBook } from '../claim-book.js'
import type { Decision } from '../decide.js'
import type { ScenarioReport } from '../scenario-report.js'
import { createStage, type Stage } from '../stage.js'
import { GOVERNANCE_CLAIMS, type GovernanceClaim } from './claims.js'
import { governanceNetwork, VOTERS } from './governance-network.js'
import { playGovernance } from './play.js'

export interface ScenarioOptions {
  readonly home: string
}

export interface ScenarioModules {
  readonly context: CommandContext
  readonly logger: Logger
}

/** Plays the life of a model under the holders' vote with real processes, and says what was seen of each claim. */
export async function runGovernanceScenario(
  { home }: ScenarioOptions,
  { context, logger }: ScenarioModules,
): Promise<ScenarioReport> {
  const { clock, terminal } = context
  const startedMs = clock.monotonicMs()
  const seconds = () => Math.round(clock.monotonicMs() - startedMs) / 1000
  const tell = (line: string) => terminal.note(`${seconds().toFixed(0).padStart(4)} s  ${line}`)
  const book = openClaimBook<GovernanceClaim>(GOVERNANCE_CLAIMS, ({ claim, observed }) =>
    tell(`${observed ? 'observed' : 'NOT OBSERVED'}: ${claim}`),
  )
  const models = layout(home).scenario('model-1')
  const network = openLocalNetwork(
    { plan: governanceNetwork, home, resume: false },
    // Every node has the first version, as whoever created the subnet.
    { context: withEnvironment(context, { WITAN_MODELS: models }), logger, progress: tell },
  )
  // An act that fails ends the others, which go on beside it.
  const ending = new AbortController()
  const playing = { ...context, signal: AbortSignal.any([context.signal, ending.signal]) }
  let stage: Stage<GovernanceClaim> | undefined
  let endedBy: ScenarioReport['endedBy'] = null
  try {
    await network.startChain()
    stage = createStage({ network, context: people(playing, home), book, voters: VOTERS, tell })
    await Promise.race([playGovernance(stage, network), network.failed])
  } catch (error) {
    if (context.signal.aborted || !isWitanError(error)) throw error
    endedBy = { code: error.code, message: error.message }
    tell(`ended early by ${error.code}: ${error.message}`)
    logger.error({ err: error }, 'the scenario ended early')
  } finally {
    ending.abort()
    await network.stop()
  }
  const decisions: readonly Decision[] = stage?.decisions ?? []
  return { scenario: 'governance', seconds: seconds(), claims: book.claims(), decisions, endedBy }
}

/** The people of the scenario are asked nothing and print nothing, and read models and policies where they are published. */
function people(context: CommandContext, home: string): CommandContext {
  const { terminal } = context
  const { scenario } = layout(home)
  return {
    ...withEnvironment(context, { WITAN_MODELS: scenario('model-1'), WITAN_POLICIES: scenario('policies') }),
    terminal: { ...terminal, interactive: false, out: () => undefined, note: () => undefined },
  }
}

const withEnvironment = (context: CommandContext, more: Readonly<Record<string, string>>): CommandContext => ({
  ...context,
  env: { ...context.env, ...more },
})
