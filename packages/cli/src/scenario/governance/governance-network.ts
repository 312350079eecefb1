import type { LocalPlan } from '../../local-network/local-plan.js'

const TOKEN = 10n ** 18n

/** Who makes model and data, who watches over them, and who would like to. */
export const CREATOR = 'creator'
export const CONTRIBUTOR = 'contributor'
export const CURATORS = ['curator-1', 'curator-2', 'curator-3'] as const
export const FLAGGER = 'flagger'
export const HOLDER = 'holder'
/** Asks free of charge, as miners let it. */
export const CONSUMER = 'consumer'
/** Asks for money. */
export const CUSTOMER = 'customer'
export const WATCHER = 'watcher'
/** Backs a node that deserves no trust. */
export const DELEGATE = 'delegate'
export const ATTACKER = 'attacker'

/** Who votes on every proposal, with stake of their own. */
export const VOTERS = [HOLDER, 'owner-validator-1', 'owner-validator-2'] as const

/** The registry's number of the digits model: the first. */
export const MODEL_ID = 1
/** Seconds: long enough to fetch and load a model on a busy machine, short enough to be seen to end. */
const MODEL_GRACE = 45
/** Tokens for an answer. */
const PRICE = '0.5'
/** How often nodes read the registry. */
const FOLLOW_MS = 1_000

/**
 * The digits subnet: two validators; three honest miners, one that stays on the version before, one that says it runs the
 * live one and does not, one that answers what the policy refuses and one that signs two answers to one request.
 */
export const governanceNetwork: LocalPlan = {
  roster: [
    { name: 'validator-1', role: 'validator', behaviour: 'honest' },
    { name: 'validator-2', role: 'validator', behaviour: 'honest' },
    { name: 'miner-1', role: 'miner', behaviour: 'honest' },
    { name: 'miner-2', role: 'miner', behaviour: 'honest' },
    { name: 'miner-3', role: 'miner', behaviour: 'honest' },
    { name: 'miner-stale', role: 'miner', behaviour: 'stale' },
    { name: 'miner-impostor', role: 'miner', behaviour: 'impostor' },
    { name: 'miner-policy-breaker', role: 'miner', behaviour: 'policy-breaker' },
    { name: 'miner-equivocator', role: 'miner', behaviour: 'equivocator' },
  ],
  actors: [CREATOR, CONTRIBUTOR, ...CURATORS, FLAGGER, HOLDER, CONSUMER, CUSTOMER, WATCHER, DELEGATE, ATTACKER],
  holders: {
    [CREATOR]: 1_000n * TOKEN,
    [FLAGGER]: 1_000n * TOKEN,
    [HOLDER]: 10_000n * TOKEN,
    [CUSTOMER]: 1_000n * TOKEN,
    [WATCHER]: 1_000n * TOKEN,
    [DELEGATE]: 1_000n * TOKEN,
    [ATTACKER]: 1_000_000n * TOKEN,
  },
  subnet: { name: 'digits', model: 'digits' },
  deploy: {
    listedFromStart: 0,
    modelGrace: MODEL_GRACE,
    governance: {
      votingDelay: 2,
      votingPeriod: 10,
      voteExtension: 2,
      timelockDelay: 3,
      executionWindow: 30,
      minCycle: 5,
    },
    // Long enough to see that stake which has unbonded is held.
    court: { margin: 20 },
  },
  nodeOptions: ({ name, role }, { files, addressOf }) => ({
    modelId: MODEL_ID,
    // Only the first validator has what comes later: the others get it from there, by digest.
    modelFolders: (name === 'validator-1' ? ['model-1', 'model-2'] : ['model-1']).map((folder) =>
      files.scenario(folder),
    ),
    policyFolders: name === 'validator-1' ? [files.scenario('policies')] : [],
    ...(role === 'miner'
      ? {
          admit: [addressOf(CONSUMER)],
          serving: { admissionRefreshMs: FOLLOW_MS },
          payments: { price: PRICE, modelId: MODEL_ID, settleMs: FOLLOW_MS },
        }
      : { registryRefreshMs: FOLLOW_MS }),
  }),
}
