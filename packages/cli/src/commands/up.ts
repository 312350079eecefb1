import { resolve } from 'node:path'
import { WitanError } from '@witan/protocol'
import { createHealthServer, createLogger, createMetrics } from '@witan/runtime'
import { defineCommand } from '../command/command.js'
import type { CommandContext } from '../command/context.js'
import { option, toggle, usageError } from '../command/option.js'
import { asChoice, asInteger, asText } from '../command/parse.js'
import { renderNetwork } from '../local-network/live-table.js'
import { type LocalNetwork, startLocalNetwork } from '../local-network/local-network.js'
import { READING_NETWORK } from '../local-network/reading-network.js'
import { toJson } from '../output/json.js'
import { runGovernanceScenario } from '../scenario/governance/governance-scenario.js'
import { renderScenario } from '../scenario/scenario-report.js'
import { LOCAL_HOME } from '../settings/home.js'

const CLEAR_SCREEN = '\u001b[2J\u001b[H'

export const up = defineCommand({
  path: ['up'],
  summary: 'Run a whole network on this machine: chain, contracts, miners (some cheat), validators',
  options: {
    home: option.withDefault('--home <folder>', 'where the network lives', asText, LOCAL_HOME),
    resume: toggle('--resume', 'go on with the network that is there instead of a fresh one'),
    epochs: option.optional('--epochs <count>', 'end by itself after this many settled epochs', asInteger(1)),
    httpPort: option.withDefault(
      '--http-port <port>',
      'local port of GET /network; 0 chooses one',
      asInteger(0, 65_535),
      0,
    ),
    scenario: option.optional(
      '--scenario <name>',
      'play a story instead, say what was seen of each claim, and end: governance',
      asChoice('governance'),
    ),
    json: toggle('--json', 'print the network, or what was seen, as one JSON object at the end'),
  },
  examples: ['up', 'up --epochs 5 --json', 'up --resume', 'up --scenario governance --json'],
  async run({ home, resume, epochs, httpPort, scenario, json }, context) {
    if (scenario !== undefined) return playScenario({ home, resume, epochs, json }, context)
    const { directory, terminal, signal } = context
    const logger = createLogger({ name: 'up', level: 'error' })
    const network = await startLocalNetwork(
      { plan: READING_NETWORK, home: resolve(directory, home), resume },
      { context, logger, progress: terminal.note },
    )
    const http = createHealthServer(
      { port: httpPort },
      {
        metrics: createMetrics(),
        live: () => ({ ok: true }),
        ready: () => ({ ok: network.observer.report() !== undefined }),
        routes: { '/network': () => ({ ...network.observer.report(), processes: network.processes() }) },
        logger,
      },
    )
    try {
      await http.start()
      terminal.note(`network as JSON: http://127.0.0.1:${http.port()}/network — Ctrl-C stops everything`)
      if (!json) showProgress(network, context)
      await Promise.race([network.failed, untilDone(network, epochs, signal)])
      if (!signal.aborted) await network.observer.look()
    } finally {
      await http.stop()
      await network.stop()
    }
    const report = network.observer.report()
    if (report !== undefined) terminal.out(`${json ? toJson(report) : renderNetwork(report, terminal.columns)}\n`)
  },
})

/** Exits with the claim that was not observed, if there is one, once everything was printed. */
async function playScenario(
  { home, resume, epochs, json }: { home: string; resume: boolean; epochs: number | undefined; json: boolean },
  context: CommandContext,
): Promise<void> {
  if (resume || epochs !== undefined)
    throw usageError('A scenario begins anew and ends by itself: leave out --resume and --epochs')
  const logger = createLogger({ name: 'scenario', level: 'error' })
  const report = await runGovernanceScenario({ home: resolve(context.directory, home) }, { context, logger })
  context.terminal.out(`${json ? toJson(report) : renderScenario(report)}\n`)
  const missed = report.claims.filter(({ observed }) => !observed)
  if (missed.length === 0) return
  throw new WitanError('SCENARIO_CLAIM_MISSED', 'Not every claim of the scenario was observed', {
    facts: { missed: missed.map(({ id }) => id).join(', '), endedBy: report.endedBy?.code ?? 'its end' },
  })
}

/** Ends with the number of epochs wanted, or with the signal: both are normal. */
async function untilDone({ observer }: LocalNetwork, epochs: number | undefined, signal: AbortSignal): Promise<void> {
  try {
    await observer.whenSettled(epochs ?? Number.POSITIVE_INFINITY, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** A live table on a terminal; elsewhere a line an epoch. */
function showProgress({ observer }: LocalNetwork, { terminal }: CommandContext): void {
  let shown = 0
  observer.onLook(() => {
    const report = observer.report()
    if (report === undefined) return
    if (terminal.interactive) {
      terminal.out(`${CLEAR_SCREEN}${renderNetwork(report, terminal.columns)}\n\nCtrl-C stops everything\n`)
      return
    }
    for (const { epoch, settledAtBlock } of report.epochs.slice(shown)) {
      terminal.note(`epoch ${epoch} settled in block ${settledAtBlock}`)
    }
    shown = report.epochs.length
  })
}
