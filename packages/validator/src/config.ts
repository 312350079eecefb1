import { z } from '@witan/runtime'

/** Shorter deadlines would judge the network instead of the miner. */
const LEAST_ANSWER_MS = 5_000
const MOST_ANSWER_MS = 600_000

/** Options of `witan validator start`; the example with every key explained is configs/validator.yaml. */
export const validatorConfigSchema = z.strictObject({
  network: z.string().describe('network file'),
  netuid: z.int().min(1).max(65_535).default(1).describe('subnet that the validator judges'),
  operator: z.strictObject({
    keystore: z.string().describe('keystore of the operator key'),
    passwordFile: z.string().describe('file with the password of the keystore'),
  }),
  dataDir: z.string().describe('folder of journal and lock; one a validator'),
  p2p: z
    .strictObject({
      listen: z.array(z.string()).min(1).default(['/ip4/0.0.0.0/tcp/4002']).describe('multiaddrs to listen on'),
      announce: z.array(z.string()).default([]).describe('multiaddrs to tell others; those listened on when empty'),
    })
    .prefault({}),
  health: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('address of /livez, /readyz, /metrics and /status'),
      port: z.int().min(0).max(65_535).default(9102).describe('0 takes any free port'),
    })
    .prefault({}),
  model: z.string().default('ppocr-v4-rec').describe('name or version of the model that is judged'),
  modelId: z
    .int()
    .min(0)
    .default(0)
    .describe('model whose versions are judged as the stakers decide; 0: only `model` as it is'),
  modelFolders: z.array(z.string()).default([]).describe('folders of manifests beside those of the release'),
  policyFolders: z
    .array(z.string())
    .default([])
    .describe('folders of policies, `<digest>.json`, beside `policies` in those of manifests'),
  provider: z.string().default('cpu').describe('execution provider of the engine'),
  challenges: z
    .strictObject({
      perMiner: z.int().min(1).max(64).default(4).describe('challenges of each miner in an epoch'),
      sampleSize: z.int().min(1).max(1024).default(64).describe('miners judged in an epoch'),
      answerMs: z
        .int()
        .min(LEAST_ANSWER_MS)
        .max(MOST_ANSWER_MS)
        .default(LEAST_ANSWER_MS)
        .describe('time for an answer'),
      concurrency: z.int().min(1).max(64).default(8).describe('challenges in progress at a time'),
    })
    .prefault({}),
  registryRefreshMs: z.int().min(250).default(6_000).describe('how often versions and policies are read'),
  chainPollMs: z.int().min(100).default(2_000).describe('how often the newest block is read'),
  behaviour: z.string().default('honest').describe('honest; copier on a local chain only'),
  log: z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
})

export type ValidatorConfig = z.output<typeof validatorConfigSchema>
