import type { FollowedVersion } from '@witan/chain'
import { transformModel, zeroSmallestWeights } from '@witan/inference'
import type { BehaviourName } from '@witan/protocol'
import type { Clock } from '@witan/runtime'
import { equivocate } from './equivocate.js'
import type { Claim, MinerBehaviour } from './miner-behaviour.js'

export interface BehaviourModules {
  readonly clock: Pick<Clock, 'sleep'>
}

/** Long against a model that answers in 50 ms, short against a deadline of 5 s. */
const SLOW_BY_MS = 900

const POLICIES: Readonly<Record<BehaviourName<'miner'>, (modules: BehaviourModules) => Omit<MinerBehaviour, 'name'>>> =
  {
    honest: () => honest,
    slow: ({ clock }) => ({
      ...honest,
      async answer(run, signal) {
        await clock.sleep(SLOW_BY_MS, signal)
        return run()
      },
    }),
    'wrong-model': () => ({
      ...honest,
      modelToLoad: (registered) =>
        transformModel(registered, (path, bytes) => (path.endsWith('.onnx') ? zeroSmallestWeights(bytes) : bytes)),
    }),
    cached: () => {
      let first: ReturnType<MinerBehaviour['answer']> | undefined
      return {
        ...honest,
        answer(run) {
          first ??= run().catch((error) => {
            first = undefined
            throw error
          })
          return first
        },
      }
    },
    // Stays on the version before the live one, in grace or not.
    stale: () => ({
      ...honest,
      claim: (counting) =>
        counting
          .filter(({ graceEndsAt }) => graceEndsAt === undefined)
          .map((live) => claimOf({ ...live, manifest: live.replaced ?? live.manifest })),
    }),
    // Claims the live version and runs the one before.
    impostor: () => ({
      ...honest,
      claim: (counting) => counting.map((version) => claimOf(version, version.replaced ?? version.manifest)),
    }),
    'policy-breaker': () => ({ ...honest, appliesPolicy: false }),
    equivocator: () => ({ ...honest, ...equivocate() }),
  }

const claimOf = ({ manifest, policies }: FollowedVersion, runs = manifest): Claim => {
  return { version: manifest, runs, policies }
}

const honest: Omit<MinerBehaviour, 'name'> = {
  modelToLoad: (registered) => registered,
  claim: (counting) => counting.map((version) => claimOf(version)),
  appliesPolicy: true,
  answer: (run) => run(),
  journal: (kept) => kept,
}

/** The policy of that name; `parseBehaviour` says where which name is allowed. */
export function createMinerBehaviour(name: BehaviourName<'miner'>, modules: BehaviourModules): MinerBehaviour {
  return { name, ...POLICIES[name](modules) }
}
