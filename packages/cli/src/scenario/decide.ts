import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isWitanError } from '@witan/protocol'
import { govPropose } from '../commands/gov/propose.js'
import { govExecute, govQueue, govVote } from '../commands/gov/vote.js'
import { toJson } from '../output/json.js'
import type { Sent } from '../settings/sending.js'
import type { Stage } from './stage.js'

export interface ProposedCall {
  readonly contract: string
  readonly function: string
  readonly args: readonly unknown[] | Readonly<Record<string, unknown>>
}

export interface Step {
  readonly step: 'propose' | 'vote' | 'queue' | 'execute'
  readonly by: string
  readonly transaction: string
  readonly block: number
  /** Of the block, unix seconds. */
  readonly at: number
}

/** A proposal from its beginning to its effect. */
export interface Decision {
  /** Name of the network. */
  readonly network: string
  readonly number: number
  readonly proposalId: bigint
  readonly title: string
  readonly steps: readonly Step[]
  /** Names and arguments of the events of its execution. */
  readonly effect: readonly { readonly event: string; readonly args: unknown }[]
}

/** Longer than any vote and wait on a local network. */
const PATIENCE_SECONDS = 90

/** Sees a proposal through, as people would: propose, vote, queue, execute. */
export async function decide(
  stage: Stage,
  { by, title, reason, calls }: { by: string; title: string; reason: string; calls: readonly ProposedCall[] },
): Promise<Decision> {
  const { context, client, voters } = stage
  const steps: Step[] = []
  const note = async (step: Step['step'], actor: string, sent: Sent) => {
    const { hash, blockNumber } = sent.calls.at(-1)!
    const block = await client.block(blockNumber!)
    steps.push({ step, by: actor, transaction: hash!, block: blockNumber!, at: block!.timestamp })
  }
  const file = stage.path('proposals', `${stage.decisions.length + 1}.json`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, toJson({ description: `# ${title}\n${reason}`, calls }))

  // Who proposes needs votes of the moment before: what was staked in this second counts in the next.
  await stage.untilChainTime((await client.latestBlock()).timestamp + 2)
  const proposed = await govPropose.run({ ...stage.as(by), file, unchecked: false }, context)
  await note('propose', by, proposed)
  const proposal = proposed.proposalId!
  await stage.untilChainTime(proposed.snapshotAt! + 1)
  for (const voter of voters) {
    // Enough votes end the vote.
    if ((await standingOf(stage, proposal)).state !== 'active') break
    const sent = await govVote
      .run({ ...stage.as(voter), proposal, choice: 'for', reason }, context)
      .catch(unlessItEnded)
    if (sent === undefined) break
    await note('vote', voter, sent)
  }
  await stage.until(`the end of the vote on "${title}"`, PATIENCE_SECONDS, async () => {
    return (await standingOf(stage, proposal)).state === 'succeeded'
  })
  const queued = await govQueue.run({ ...stage.as(by), proposal }, context)
  await note('queue', by, queued)
  await stage.untilChainTime(queued.executableAt!)
  const executed = await govExecute.run({ ...stage.as(by), proposal }, context)
  await note('execute', by, executed)

  const effect = executed.calls
    .flatMap(({ events }) => events)
    .filter(({ contract }) => contract !== 'WitanGovernor' && contract !== 'WitanTimelock')
    .map(({ name, args }) => ({ event: name, args }))
  const decision = { network: client.network.name, number: executed.number, proposalId: proposal, title, steps, effect }
  stage.decisions.push(decision)
  stage.tell(`decided: ${title}`)
  return decision
}

/** Its time was over before the vote was cast. */
function unlessItEnded(error: unknown): undefined {
  if (!isWitanError(error, 'PROPOSAL_STATE')) throw error
}

async function standingOf({ client }: Stage, wanted: bigint) {
  const proposals = await client.governance.proposals()
  return client.governance.standing(proposals.find(({ proposalId }) => proposalId === wanted)!)
}
