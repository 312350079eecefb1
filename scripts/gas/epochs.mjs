// Plays epochs of a subnet, so that bonds and accruals are those of a steady one, and measures the last.

import { commitmentHash, epochWindow, maxUpscale, packRow, ZERO_DIGEST } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import { moveTo, send, sendTogether } from '../support/local-network.mjs'
import { addSubnet } from './network.mjs'

const EPOCHS = 4
const SALT = `0x${'5a'.repeat(32)}`
/** Up to so many voters settle without a claim. */
const CLAIM_FREE_VOTERS = 16

/**
 * The gas of a steady epoch's transactions. Validators are spread over the uids, and every one votes for every other uid
 * (`separate`: for the miners only, which then come in addition).
 */
export async function measure(chain, { validators, miners, separate }) {
  const uids = separate ? validators + miners : miners
  const voters = Array.from({ length: validators }, (_, index) => Math.floor((index * uids) / validators))
  const { netuid, operators } = await addSubnet(chain, { uids, validators: voters })
  const play = { chain, netuid, operators, voters, uids, targets: targetsOf(uids, separate ? voters : []) }
  const first = (await chain.client.consensus.currentEpoch(netuid)) + 1
  let gas
  for (let epoch = first; epoch < first + EPOCHS; epoch++) gas = await playEpoch(play, epoch)
  const row = (path, used) => ({ validators, miners, uids, path, gas: used })
  return Object.entries(gas).map(([path, used]) => row(path, used))
}

function targetsOf(uids, excluded) {
  const without = new Set(excluded)
  return Array.from({ length: uids }, (_, uid) => uid).filter((uid) => !without.has(uid))
}

async function playEpoch({ chain, netuid, operators, voters, uids, targets }, epoch) {
  const { client, owner } = chain
  const window = epochWindow(await client.subnets.schedule(netuid), epoch)
  await moveTo(chain, window.startsAt + 2)
  const neurons = await client.subnets.neurons(netuid)
  const votes = voters.map((uid) => ({ uid, packedRow: rowOf({ uid, epoch, uids, targets }) }))
  const commits = await sendTogether(
    chain,
    votes.map(({ uid, packedRow }) => {
      const { nodeId, registeredAt } = neurons[uid]
      const commitment = commitmentHash({
        chainId: client.network.chainId,
        consensus: client.network.contracts.consensus,
        ...{ netuid, epoch, nodeId, registeredAt, version: 0n, packedRow, evidenceRoot: ZERO_DIGEST, salt: SALT },
      })
      return [operators[uid], client.intents.commit(netuid, epoch, commitment)]
    }),
  )
  await moveTo(chain, window.endsAt)
  const reveals = await sendTogether(
    chain,
    votes.map(({ uid, packedRow }) => {
      const reveal = { netuid, epoch, version: 0n, packedRow, evidenceRoot: ZERO_DIGEST, salt: SALT }
      return [operators[uid], client.intents.reveal(reveal)]
    }),
  )
  const snapshot = await send(chain, owner.address, client.intents.snapshot(netuid, epoch))
  await moveTo(chain, window.revealEndsAt)
  const inputs = await client.settleInputs(netuid, epoch)
  const unclaimed =
    voters.length > CLAIM_FREE_VOTERS
      ? {}
      : { 'settle without a claim': await tryUnclaimed(chain, netuid, epoch, inputs) }
  const settle = await send(chain, owner.address, client.intents.settle({ netuid, epoch, ...inputs }))
  return { settle, ...unclaimed, snapshot, commit: Math.max(...commits), reveal: Math.max(...reveals) }
}

/** Settles without a claim, and takes it back. */
async function tryUnclaimed(chain, netuid, epoch, { snapshot, votes }) {
  const { rpc, client, owner } = chain
  const before = await rpc.request('evm_snapshot', [])
  const intent = client.intents.settle({ netuid, epoch, snapshot, votes: { ...votes, claim: [] } })
  const gas = await send(chain, owner.address, intent)
  await rpc.request('evm_revert', [before])
  return gas
}

/** Scores that differ by uid, and by a tenth from voter to voter and epoch to epoch, as a validator packs them. */
function rowOf({ uid, epoch, uids, targets }) {
  const random = createSeededRandom(`row ${uid} ${epoch}`)
  const scores = new Array(uids).fill(0)
  for (const target of targets) {
    if (target !== uid) scores[target] = (1 + (target % 17)) * (0.95 + random.bytes(1)[0] / 2_560)
  }
  return packRow(maxUpscale(scores))
}
