import { WitanError } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import type { CommandContext } from '../../command/context.js'
import { option, repeated, toggle } from '../../command/option.js'
import { asSeconds, asText } from '../../command/parse.js'
import { openNetwork } from '../../settings/connection.js'
import { argumentsOf, renderSent, type Sent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'
import { readEvidence } from '../../watch/read-evidence.js'
import { intentsOf, type WatchAction, type WatchReport, watchOnce } from '../../watch/watch-pass.js'
import { watchUntilStopped } from '../../watch/watch-until-stopped.js'

const DEFAULT_INTERVAL_SECONDS = 60

/** What one look found and did; the sums of several. */
interface Watched extends Omit<WatchReport<Sent>, 'done' | 'failed'> {
  readonly looks: number
  readonly done: readonly Deed[]
  readonly failed: readonly (Deed & { readonly code: string; readonly message: string })[]
}

interface Deed {
  readonly action: WatchAction['action']
  readonly nodeId: bigint
  readonly requestDigest: string
  readonly accusationId: bigint | null
  readonly sent?: Sent
}

export const watchFaults = defineCommand({
  path: ['watch', 'faults'],
  summary: 'Find faults that kept receipts prove, accuse their nodes with a bond, and execute what is due',
  options: {
    ...sendOptions,
    receipts: repeated('--receipts <file>', 'file that `infer --keep` or `infer --json` wrote', asText),
    journal: repeated('--journal <file>', "a validator's journal: validator.sqlite in its dataDir", asText),
    once: toggle('--once', 'look once and end, instead of until stopped'),
    interval: option.withDefault(
      '--interval <duration>',
      'pause between two looks',
      asSeconds,
      DEFAULT_INTERVAL_SECONDS,
    ),
  },
  examples: [
    'watch faults --receipts receipts.jsonl --key watcher --once --dry-run',
    'watch faults --receipts receipts.jsonl --journal data/validator.sqlite --key watcher --yes',
  ],
  async run({ receipts, journal, once, interval, ...values }, context): Promise<Watched> {
    const client = await openNetwork(values, context)
    const from = await senderAddress(values, context)
    const act = async (action: WatchAction) =>
      sendIntents(client, await intentsOf(action, client, from), values, context)
    const look = () =>
      watchOnce(readEvidence({ receipts, journals: journal }, context), {
        chain: client,
        from,
        act,
        signal: context.signal,
      })
    if (once || values.dryRun) return reportOf(await look(), 1)
    return watchOn(look, interval * 1000, context)
  },
  render: renderWatched,
  failure: failureOf,
})

const NOTHING_SEEN: WatchReport<Sent> = {
  receipts: 0,
  unreadable: 0,
  forged: 0,
  examples: [],
  maySlash: true,
  known: 0,
  ahead: 0,
  done: [],
  failed: [],
}

/** The last look, with all that was done since the start. */
async function watchOn(
  look: () => Promise<WatchReport<Sent>>,
  pauseMs: number,
  { clock, signal, terminal }: CommandContext,
): Promise<Watched> {
  let last = reportOf(NOTHING_SEEN, 0)
  const done: Deed[] = []
  const onReport = (report: WatchReport<Sent>) => {
    last = reportOf(report, last.looks + 1)
    done.push(...last.done)
    if (last.done.length + last.failed.length > 0) terminal.note(renderWatched(last))
  }
  const onError = (error: WitanError) => terminal.note(error.toLine())
  await watchUntilStopped({ pauseMs }, { look, onReport, onError, clock, signal })
  return { ...last, done, failed: [] }
}

function reportOf({ done, failed, ...counts }: WatchReport<Sent>, looks: number): Watched {
  return {
    looks,
    ...counts,
    done: done.map(({ sent, ...action }) => ({
      ...deedOf(action),
      accusationId: action.action === 'accuse' ? idOf(sent) : action.due.accusationId,
      sent,
    })),
    failed: failed.map(({ error, ...action }) => ({ ...deedOf(action), code: error.code, message: error.message })),
  }
}

const idOf = (sent: Sent) => argumentsOf(sent, 'Accused')?.accusationId ?? null

function deedOf(action: WatchAction): Deed {
  const { action: name } = action
  if (action.action !== 'accuse') {
    const { nodeId, requestDigest, accusationId } = action.due
    return { action: name, nodeId, requestDigest, accusationId }
  }
  const { nodeId, requestDigest } = action.fault
  return { action: name, nodeId, requestDigest, accusationId: null }
}

function failureOf({ failed }: Watched): WitanError | undefined {
  const [first] = failed
  if (first === undefined) return undefined
  return new WitanError('FAULT_NOT_HANDLED', 'Not everything could be sent', {
    facts: { failed: failed.length, action: first.action, request: first.requestDigest, reason: first.code },
  })
}

function renderWatched(watched: Watched): string {
  const { receipts, unreadable, forged, examples, maySlash, known, ahead, done, failed } = watched
  const counts = [`${receipts} receipts`, `${unreadable} unreadable`, `${forged} forged`]
  return [
    `${counts.join(', ')}; ${known} faults known already, ${ahead} to be judged later`,
    ...examples.map((error) => `  ${error.toLine()}`),
    ...(maySlash ? [] : ['the court may slash no longer: nobody is accused, your bonds are taken back']),
    ...done.flatMap(({ sent }) => (sent === undefined ? [] : [renderSent(sent)])),
    ...failed.map(({ action, nodeId, code, message }) => `${action} node ${nodeId}: ${code}: ${message}`),
  ].join('\n')
}
