// What a keeper does with an epoch, on a chain that only remembers what was sent.
import { type ClosingEpoch, NO_PAY } from '@witan/chain'
import { packWords, WitanError } from '@witan/protocol'
import t from 'tap'
import { type CollectModules, collect } from '../src/keeper/collect.js'
import { type EpochModules, settleEpoch } from '../src/keeper/settle-epoch.js'

const TOKEN = 10n ** 18n
const CLOSING: ClosingEpoch = { epoch: 5, startsAt: 0, endsAt: 100, revealEndsAt: 150, settleEndsAt: 200 }
const signal = new AbortController().signal

interface Scene {
  readonly stakes?: readonly number[]
  readonly snapshot?: number
  readonly settled?: number
  readonly emissionWei?: bigint
  readonly bountiesWei?: bigint
  readonly tokenPriceWei?: bigint
  readonly refusal?: WitanError
}

function play({ stakes = [7, 0], snapshot, settled, refusal, ...scene }: Scene) {
  const sent: { key: string; deadlineMs: number | undefined }[] = []
  const packed = { uids: stakes.length, stakes: packWords(stakes, 32), newPermits: [1n] }
  const intent = (method: string) => ({ description: method, call: { contract: 'Consensus', method, args: {} } })
  const chain = {
    consensus: {
      lastSettled: async () => (settled === undefined ? undefined : { epoch: settled }),
      lastSnapshot: async () => snapshot,
      snapshotOf: async () => packed,
    },
    money: {
      epochEmission: async () => scene.emissionWei ?? 100n * TOKEN,
      bountyCap: async () => TOKEN,
      bounties: async () => scene.bountiesWei ?? 0n,
      poolAccrued: async (nodeId: bigint) => nodeId * TOKEN,
    },
    subnets: { neurons: async () => [{ nodeId: 3n }, { nodeId: 0n }] },
    intents: {
      snapshot: () => intent('snapshot'),
      settle: () => intent('settle'),
      claimBounty: () => intent('claimBounty'),
      sync: () => intent('sync'),
    },
    settleInputs: async () => ({ snapshot: packed, votes: {}, voters: [0], lastPay: NO_PAY }),
    simulate: async () => [{ gasUsed: 500_000 }],
    rpc: { request: async () => '0x3b9aca00' },
  }
  const sender = {
    address: `0x${'11'.repeat(20)}`,
    submit: async (_: unknown, options: { idempotenceKey: string; deadlineMs?: number }) => {
      sent.push({ key: options.idempotenceKey, deadlineMs: options.deadlineMs })
      if (refusal !== undefined) throw refusal
    },
  }
  const rules = { tokenPriceWei: scene.tokenPriceWei, maxCostWei: undefined, sync: true }
  const modules = { chain, sender, rules, onAction: () => undefined } as unknown as EpochModules & CollectModules
  return { modules, sent }
}

t.test('the snapshot first, the settlement after the reveal window, each under its key and deadline', async (t) => {
  const first = play({})
  t.equal(await settleEpoch(1, CLOSING, 110, first.modules, signal), 'waiting')
  t.strictSame(first.sent, [{ key: 'snapshot:1:5', deadlineMs: 90_000 }])
  const early = play({ snapshot: 5 })
  t.equal(await settleEpoch(1, CLOSING, 149, early.modules, signal), 'waiting')
  t.strictSame(early.sent, [])
  const due = play({ snapshot: 5 })
  t.equal(await settleEpoch(1, CLOSING, 150, due.modules, signal), 'done')
  t.strictSame(due.sent, [{ key: 'settle:1:5', deadlineMs: 50_000 }])
})

t.test('what others did, what nobody staked on and what does not pay is left alone', async (t) => {
  const cases: [string, Scene, string, number][] = [
    ['settled by another', { settled: 5 }, 'settled', 0],
    ['nobody had stake', { stakes: [0, 0] }, 'stakeless', 0],
    ['the bounty is worth less', { tokenPriceWei: TOKEN / 1_000n }, 'unprofitable', 0],
    ['the bounty is worth more', { tokenPriceWei: TOKEN / 100n }, 'waiting', 1],
    ['no emission, no bounty', { tokenPriceWei: TOKEN, emissionWei: 0n }, 'unprofitable', 0],
    ['a snapshot came first', { refusal: new WitanError('ALREADY_SNAPSHOTTED', 'late') }, 'waiting', 1],
    ['the window closed', { refusal: new WitanError('EPOCH_VOID', 'late') }, 'void', 1],
    ['a settlement came first', { snapshot: 5, refusal: new WitanError('ALREADY_SETTLED', 'late') }, 'settled', 1],
  ]
  for (const [name, scene, state, sent] of cases) {
    const played = play(scene)
    t.equal(await settleEpoch(1, CLOSING, 160, played.modules, signal), state, name)
    t.equal(played.sent.length, sent, name)
  }
  const { modules } = play({ refusal: new WitanError('RPC_UNAVAILABLE', 'down') })
  await t.rejects(settleEpoch(1, CLOSING, 160, modules, signal), { code: 'RPC_UNAVAILABLE' })
})

t.test('bounties are claimed when they are worth ten times the gas, pools are synced when it is covered', async (t) => {
  const poor = play({ bountiesWei: TOKEN, tokenPriceWei: TOKEN / 1_000n })
  await collect(1, 5, poor.modules, signal)
  t.strictSame(
    poor.sent.map(({ key }) => key),
    ['sync:3:1:5'],
  )
  const rich = play({ bountiesWei: 5n * TOKEN, tokenPriceWei: TOKEN / 1_000n })
  await collect(1, 5, rich.modules, signal)
  t.strictSame(
    rich.sent.map(({ key }) => key),
    ['claim-bounty:1:5', 'sync:3:1:5'],
  )
})
